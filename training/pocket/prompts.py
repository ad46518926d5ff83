"""Prompts as training sees them: shares of classes from a text tower, and the classes that make them true."""

from dataclasses import dataclass

import torch

from .checkpoint import TextModel
from .classes import Classes, read_prompts
from .network import CLASSES
from .words import batch, tokenizer

NO_SOUND_BIAS = -7.0


@torch.no_grad()
def shares(model: TextModel, texts) -> torch.Tensor:
    """Shares of the anchors [P, 528], sharpened by the tower's calibration."""
    words = tokenizer(model.pieces)
    logits = [model.tower.share_logits(*batch(words, texts[i : i + 512])) for i in range(0, len(texts), 512)]
    return torch.softmax(torch.cat(logits) * model.tower.calibration[0], -1)


def prompt_vectors(anchors, biases, share, calibration):
    """anchors [527, k], biases [527], shares [P, 528] -> u [P, k], bias [P]: `TextTower.prompt` with a gradient."""
    _, shift, shift_slope, gain, gain_slope = calibration
    ambiguity = 1 - (share * share).sum(-1)
    u = (share[:, :CLASSES] @ anchors) * (gain + gain_slope * ambiguity)[:, None]
    bias = share[:, :CLASSES] @ biases + NO_SOUND_BIAS * share[:, CLASSES]
    return u, bias + shift + shift_slope * ambiguity


@dataclass
class PromptTable:
    """texts, their shares [P, 528] and the most specific classes of each as padded indices [P, S]."""

    texts: list[str]
    shares: torch.Tensor
    classes: torch.Tensor

    @classmethod
    def read(cls, files, classes: Classes, model: TextModel) -> "PromptTable":
        rows = read_prompts(files, classes) + [(name.lower(), {i: 1.0}) for i, name in enumerate(classes.names)]
        meanings = [sorted(classes.meaning(weights)[1]) for _, weights in rows]
        longest = max(map(len, meanings))
        padded = torch.tensor([(m * longest)[:longest] for m in meanings])
        texts = [text for text, _ in rows]
        return cls(texts, shares(model, texts), padded)

    def draw(self, sounding: torch.Tensor, present: int, absent: int) -> torch.Tensor:
        """Indices of up to `present` prompts that a class in `sounding` [527] makes true and of `absent` others."""
        true = sounding[self.classes].any(1)
        yes, no = true.nonzero()[:, 0], (~true).nonzero()[:, 0]
        yes = yes[torch.randperm(len(yes))[:present]]
        return torch.cat([yes, no[torch.randint(len(no), (absent if len(no) else 0,))]])

    def target(self, chosen: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
        """Class targets [..., 527] -> prompt targets [..., P]: one of its classes is nearly enough ("or")."""
        own = classes[..., self.classes[chosen]]
        return 0.5 * own.amax(-1) + 0.5 * own.mean(-1)

    def weight(self, chosen, weights):
        """Class weights [..., 527] -> prompt weights [..., P]: as unsure as the least sure class."""
        return weights[..., self.classes[chosen]].amin(-1)
