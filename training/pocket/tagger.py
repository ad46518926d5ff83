"""The AudioSet tagger (EfficientAT mn04) that training starts from and keeps asking."""

import torch
import torch.nn.functional as F
from torch import nn

from .network import CLASSES, FEATURES, HIDDEN, Backbone, centred, normalise

BATCH_NORM_EPSILON = 1e-3
SMALLEST_GAIN = 0.05


def _fold(target, tensors, source, unfold):
    """Convolution and batch norm `source` of the published tensors -> our folded convolution `target`."""
    norm = {n: tensors[f"{source}.1.{n}"] for n in ("weight", "bias", "running_mean", "running_var")}
    factor = norm["weight"] / torch.sqrt(norm["running_var"] + BATCH_NORM_EPSILON)
    gain = torch.where(factor.abs() < SMALLEST_GAIN, torch.full_like(factor, SMALLEST_GAIN), factor)
    if not unfold:
        gain = torch.ones_like(factor)
    target.gain.copy_(gain)
    target.conv.weight.data.copy_(tensors[source + ".0.weight"] * (factor / gain)[:, None, None, None])
    target.conv.bias.data.copy_(norm["bias"] - factor * norm["running_mean"])


def load_backbone(backbone: Backbone, tensors: dict, unfold=True) -> None:
    """Copies the published tensors into `backbone`. `unfold` keeps the batch norms' factors apart, for training."""
    _fold(backbone.stem, tensors, "features.0", unfold)
    for i, block in enumerate(backbone.blocks):
        prefix, part = f"features.{i + 1}.block.", 0
        if block.expand is not None:
            _fold(block.expand, tensors, prefix + "0", unfold)
            part = 1
        _fold(block.depth, tensors, f"{prefix}{part}", unfold)
        part += 1
        if block.se is not None:
            for layer in ("fc1", "fc2"):
                for name in ("weight", "bias"):
                    source = tensors[f"{prefix}{part}.conc_se_layers.0.{layer}.{name}"]
                    getattr(getattr(block.se, layer), name).data.copy_(source)
            part += 1
        _fold(block.project, tensors, f"{prefix}{part}", unfold)
    _fold(backbone.last, tensors, "features.16", unfold)


class Tagger(nn.Module):
    """The tagger as published (`dense=False`), or with our frames of 160 ms."""

    def __init__(self, dense: bool):
        super().__init__()
        self.dense = dense
        self.backbone = Backbone(dense)
        self.hidden, self.output = nn.Linear(FEATURES, HIDDEN), nn.Linear(HIDDEN, CLASSES)
        self.eval().requires_grad_(False)

    @classmethod
    def load(cls, file, dense: bool) -> "Tagger":
        """From the published checkpoint."""
        tensors = torch.load(file, map_location="cpu")
        tagger = cls(dense)
        load_backbone(tagger.backbone, tensors, unfold=False)
        for layer, number in ((tagger.hidden, 2), (tagger.output, 5)):
            layer.weight.data.copy_(tensors[f"classifier.{number}.weight"])
            layer.bias.data.copy_(tensors[f"classifier.{number}.bias"])
        return tagger

    def _logits(self, features):
        return self.output(F.hardswish(self.hidden(features)))

    def clip(self, db):
        """log-mel in dB [B, 1, T, 128] -> class logits of the whole [B, 527]."""
        return self._logits(self.backbone(normalise(db)).mean((2, 3)))

    def frames(self, normalised):
        """normalised log-mel [B, 1, 128, T] -> class logits of frames [B, T', 527], of the whole [B, 527]."""
        features = self.backbone(centred(normalised)).mean(2).transpose(1, 2)
        return self._logits(features), self._logits(features.mean(1))
