"""Checkpoints: a tower's tensors with what it needs to be built again."""

from dataclasses import dataclass
from pathlib import Path

import torch

from .network import AudioTower, TextTower
from .progress import save


@dataclass
class AudioModel:
    """The tower with the classes' vectors [527, k] and biases [527], which are the text tower's anchors."""

    tower: AudioTower
    anchors: torch.Tensor
    biases: torch.Tensor

    @classmethod
    def load(cls, file) -> "AudioModel":
        state = torch.load(file)
        tower = AudioTower(state["anchors"].shape[1])
        tower.load_state_dict(state["tower"])
        tower.smoothing = state["smoothing"]
        return cls(tower.eval(), state["anchors"], state["biases"])

    def state(self) -> dict:
        copy = lambda tensor: tensor.detach().clone()
        tower = {name: copy(value) for name, value in self.tower.state_dict().items()}
        return dict(
            tower=tower, anchors=copy(self.anchors), biases=copy(self.biases), smoothing=self.tower.smoothing
        )

    def save(self, file: Path) -> None:
        save(self.state(), file)

    def logits(self, z):
        """Audio vectors [..., k] -> class logits [..., 527]."""
        return z @ self.anchors.T + self.biases


@dataclass
class TextModel:
    """The tower with its word pieces; `held` are the prompts that it has not seen."""

    tower: TextTower
    pieces: list[str]
    held: list[str]

    @classmethod
    def load(cls, file) -> "TextModel":
        state = torch.load(file)
        vectors = state["tower"]["pieces.weight"]
        hidden, k = state["tower"]["fc1.weight"].shape[0], state["tower"]["anchors"].shape[1]
        tower = TextTower(*vectors.shape, k, hidden)
        tower.load_state_dict(state["tower"])
        return cls(tower.eval(), state["pieces"], state["held"])

    def save(self, file: Path) -> None:
        save(dict(tower=self.tower.state_dict(), pieces=self.pieces, held=self.held), file)


def average(files, shares) -> AudioModel:
    """Weighted mean of audio models that descend from one another."""
    models = [AudioModel.load(file) for file in files]
    states = [model.state() for model in models]
    mean = lambda tensors: sum(share * tensor for share, tensor in zip(shares, tensors))
    first = models[0]
    first.tower.load_state_dict({n: mean([s["tower"][n] for s in states]) for n in states[0]["tower"]})
    first.anchors, first.biases = mean([m.anchors for m in models]), mean([m.biases for m in models])
    return first
