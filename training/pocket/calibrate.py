"""Stage `calibrate`: gives the classes' biases the same rate of false alarms.

A class that the tower hears everywhere ("Music") and one that it hardly dares to name ("Tick") share one threshold.
On mixtures, the level that the logits of a class pass in 1 % of the frames without it is measured, and each bias moved
half of the way to where all those levels are equal: as in speaker verification, where scores are normalised by
impostors. Only absent classes are looked at, so sounds that were trained on do not flatter it.
"""

import numpy as np
import torch

from .checkpoint import AudioModel
from .classes import Classes
from .mixtures import mixture
from .network import CLASSES
from .sources import Sources
from .train_audio import excluded

MIXTURES, FRAMES = 350, 1008
QUANTILE = 0.99
ABSENT = 0.3
"""A class is absent from a frame where its target is below this."""
HALFWAY = 0.5
LEVEL = -1.3
"""Logit that the level of all classes is moved towards: with it, p = 0.5 is about the best threshold of plain decoding
on the development recordings."""


@torch.no_grad()
def false_alarm_levels(model: AudioModel, sources: Sources, config) -> torch.Tensor:
    """-> of each class the logit that 1 % of the frames without it pass [527]."""
    random = np.random.default_rng(77)
    logits, absent = [], []
    for _ in range(MIXTURES):
        m = mixture(sources, FRAMES, random, config.mixtures)
        logits.append(model.logits(model.tower.vectors(torch.tensor(m.db)[None, None])[1][0]))
        absent.append(torch.tensor(m.target < ABSENT))
    logits, absent = torch.cat(logits), torch.cat(absent)
    return torch.stack([logits[absent[:, k], k].quantile(QUANTILE) for k in range(CLASSES)])


def calibrate(config, name: str, out: str, smooth: bool) -> None:
    """Reads checkpoint `name`, writes `out`; `smooth` smooths the frames from here on."""
    classes = Classes(config.paths.classes, config.paths.ontology)
    without = config.sounds.development
    sources = Sources(config, classes, config.sounds.collections, without, excluded(config))
    model = AudioModel.load(config.paths.checkpoints / f"{name}.pt")
    model.tower.smoothing = smooth
    levels = false_alarm_levels(model, sources, config)
    model.biases = model.biases - HALFWAY * (levels - LEVEL)
    model.save(config.paths.checkpoints / f"{out}.pt")
    loudest = levels.argsort(descending=True)[:8].tolist()
    print("most false alarms before:", ", ".join(f"{classes.names[k]} {levels[k]:.1f}" for k in loudest))
