"""Sounds to mix: what each is, frame by frame where it is long, and when it is there."""

import numpy as np

from .activity import activity
from .classes import Classes, FileLabels, Weights
from .network import CLASSES, FRAME
from .prepare import read_features

LONG, MOSTLY = 500, 0.7
"""A sound of at least 5 s that is there for most of its time may be a background, and is judged frame by frame."""
SURE = 0.7
"""A file's name that gives a class at least this weight makes it an example of the class."""
POSITIVE, PARTLY = 0.96, 0.8
FEW = 5
"""A class with fewer labelled files would be a negative nearly everywhere: the tagger is asked about it instead."""
OPTIMISM, VAGUE_OPTIMISM = 1.2, -0.3
"""Added to the tagger's logits: it was trained on clips where labels are missing, and is timid."""


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Source:
    """One sound. `mel` bytes [T, 128], `there` [T], `probability` [527]; `frames` logits [T', 527] if it is long."""

    def __init__(self, row, mel, clip, frames, labels: Weights | None, shift, vague, fill_pause):
        self.package, self.path, self.labels, self.shift = row.package, row.path, labels, shift
        self.mel, self.clip = mel, clip.astype(np.float32)
        self.there, self.level = activity(mel, fill_pause)
        self.probability = sigmoid(self.clip + shift)
        self.vague = vague
        if labels is not None:
            # the name is trusted; of what else the tagger says only what is clear is kept
            self.probability *= 0.3 if len(mel) < 800 else 0.6
            self.probability[vague] *= 0.3
            for k, weight in labels.items():
                known = POSITIVE if weight >= SURE else PARTLY * weight
                self.probability[k] = max(self.probability[k], known)
        long = len(mel) >= LONG and (self.there > 0).mean() > MOSTLY
        self.frames = frames if long else None

    def target(self, first: int, count: int) -> np.ndarray:
        """What sounds in `count` frames of 160 ms from mel frame `first` on [count, 527]."""
        if self.frames is None:
            return np.broadcast_to(self.probability, (count, CLASSES))
        at = np.clip((first + FRAME // 2 + np.arange(count) * FRAME) // FRAME, 0, len(self.frames) - 1)
        y = sigmoid(0.5 * self.frames[at].astype(np.float32) + 0.5 * self.clip + self.shift)
        if self.labels is not None:
            y *= 0.7
            y[:, self.vague] *= 0.5
            for k in self.labels:
                y[:, k] = np.maximum(y[:, k], self.probability[k])
        return y


class Sources:
    """All sounds of some collections, without those of `without` (packages) and `excluded` (package, path)."""

    def __init__(self, config, classes: Classes, collections, without=(), excluded=()):
        labels = FileLabels(config.paths.file_labels, classes)
        shift = np.full(CLASSES, OPTIMISM, np.float32)
        shift[classes.vague] = VAGUE_OPTIMISM
        fill_pause = config.mixtures.fill_pause_ms // 10
        self.all: list[Source] = []
        for collection in collections:
            rows, mel, clip, frames = read_features(config.paths.features(collection))
            for i, row in enumerate(rows):
                if row.package in without or (row.package, row.path) in excluded:
                    continue
                source = Source(
                    row,
                    mel[row.mel_start : row.mel_start + row.mel_frames],
                    clip[i],
                    frames[row.frame_start : row.frame_start + row.frames],
                    labels(row.package, row.path, row.spec),
                    shift,
                    classes.vague,
                    fill_pause,
                )
                if source.there.max() > 0:
                    self.all.append(source)
        if not self.all:
            raise ValueError(f"no sounds in {', '.join(collections)}: run `collect` and `prepare` first")
        self.long = [s for s in self.all if s.frames is not None] or self.all
        self.labelled, self.tagged = {}, {}
        for source in self.all:
            if source.labels is not None:
                for k, weight in source.labels.items():
                    if weight >= SURE:
                        self.labelled.setdefault(k, []).append(source)
            else:
                for k in np.argsort(-source.probability)[:3]:
                    if source.probability[k] > 0.3:
                        self.tagged.setdefault(int(k), []).append(source)
        self._labelled, self._tagged = _Balanced(self.labelled), _Balanced(self.tagged)
        self.few = np.array([len(self.labelled.get(k, ())) < FEW for k in range(CLASSES)])

    def pick(self, random: np.random.Generator) -> Source:
        """Mostly by class, rare classes more often than they are."""
        r = random.random()
        if r < 0.75 and self.labelled:
            return self._labelled.pick(random)
        if r < 0.92 and self.tagged:
            return self._tagged.pick(random)
        return self.all[random.integers(len(self.all))]


class _Balanced:
    """Lists of sources by class, drawn by the 0.4th power of their lengths."""

    def __init__(self, by_class):
        self.lists = list(by_class.values())
        share = np.array([len(sources) ** 0.4 for sources in self.lists])
        self.upto = np.cumsum(share / share.sum()) if self.lists else share

    def pick(self, random):
        sources = self.lists[min(len(self.lists) - 1, int(np.searchsorted(self.upto, random.random())))]
        return sources[random.integers(len(sources))]
