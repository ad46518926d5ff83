"""What the student shall say of a mixture: file labels, the model it continues, and the tagger."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from .checkpoint import AudioModel
from .network import FRAME
from .tagger import Tagger

SEGMENT = 160
"""Mel frames that the tagger hears at once. Single frames of its features are far from what it was trained on."""
TAGGER_SHARE, TAGGER_SHIFT = 0.15, 2.5
KEEP = 0.5
"""How far the teachers, and not the files' names, decide what a mixture does not hold."""
SURE = 0.9


@dataclass
class Targets:
    """frames [B, T', 527], clip [B, 527], weight [B, T', 527]."""

    frames: torch.Tensor
    clip: torch.Tensor
    weight: torch.Tensor


class Teachers:
    """The model that training started from and the tagger, judging together; None, where there is none yet."""

    def __init__(self, tagger: Tagger, start: AudioModel | None, few: np.ndarray):
        self.tagger, self.start = tagger, start
        self.few = torch.tensor(few, dtype=torch.float32)

    def _tagger_frames(self, db):
        batch, _, frames, _ = db.shape
        segments = frames // SEGMENT
        logits = self.tagger.clip(db.reshape(batch * segments, 1, SEGMENT, -1)).reshape(batch, segments, -1)
        size = frames // FRAME
        return F.interpolate(logits.transpose(1, 2), size=size, mode="linear", align_corners=False).transpose(1, 2)

    @torch.no_grad()
    def targets(self, db, mixtures) -> Targets:
        """`db` [B, 1, T, 128], T a multiple of 160, of `mixtures`."""
        stack = lambda name: torch.tensor(np.stack([getattr(m, name) for m in mixtures]))
        frames, clip, weight = stack("target"), stack("clip"), stack("weight")
        logits = self._tagger_frames(db)
        whole = logits.mean(1)
        if self.start is not None:
            start_clip, start_frames = self.start.tower.vectors(db)
            own = self.start.logits(start_frames)
            logits = (own + TAGGER_SHARE * (logits + TAGGER_SHIFT)) / (1 + TAGGER_SHARE)
            whole = self.start.logits(start_clip)
        # a class of few labelled files is the teachers' business alone; else a sure label decides
        sure = (frames > SURE).float()
        keep = torch.where(self.few > 0, 1.0, KEEP)
        frames = sure * frames + (1 - sure) * (keep * torch.sigmoid(logits) + (1 - keep) * frames)
        known = 1 - self.few
        clip = KEEP * clip * known + (KEEP + (1 - KEEP) * self.few) * torch.sigmoid(whole)
        return Targets(frames, clip, weight * known + self.few)
