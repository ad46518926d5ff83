"""Detection metrics over recordings and labels, and confidence intervals over recordings."""

from dataclasses import dataclass, fields

import numpy as np
from scipy.ndimage import median_filter
from scipy.optimize import linear_sum_assignment

FRAME_S = 0.16
ONSET_S, OFFSET_SHARE = 0.2, 0.2
BACKGROUND_SHARE = 0.8
"""A label that spans more than this share of its recording is a background: it has no onset to be judged."""
BOOTSTRAPS = 1000

Events = dict[tuple[str, str], list[tuple[float, float]]]
"""(recording, label) -> onsets and offsets in seconds."""


@dataclass
class Counts:
    """What the metrics are made of, summed over labels."""

    event_true: int = 0
    event_false: int = 0
    event_missed: int = 0
    segment_true: int = 0
    segment_false: int = 0
    segment_missed: int = 0
    absent_events: int = 0
    absent_minutes: float = 0.0

    def __add__(self, other):
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def metrics(self) -> dict[str, float]:
        f1 = lambda true, false, missed: 2 * true / max(1, 2 * true + false + missed)
        return dict(
            event_f1=f1(self.event_true, self.event_false, self.event_missed),
            segment_f1=f1(self.segment_true, self.segment_false, self.segment_missed),
            false_events_per_absent_minute=self.absent_events / max(1e-9, self.absent_minutes),
        )


def events_of(logits: np.ndarray, threshold: float, median: int) -> list[tuple[float, float]]:
    """Plain decoding of one label's frame logits [T']: median filter, runs at or above the probability `threshold`."""
    on = median_filter(logits, median) >= np.log(threshold / (1 - threshold))
    change = np.diff(np.pad(on.astype(int), 1))
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    return [(a * FRAME_S, b * FRAME_S) for a, b in zip(starts, ends)]


def _matched(reference, found) -> int:
    """Largest number of one-to-one matches: onset within 200 ms, offset within 200 ms or 20 % of the length."""
    if not reference or not found:
        return 0
    tolerance = lambda a, b: max(ONSET_S, OFFSET_SHARE * (b - a)) + 1e-6
    close = lambda a, b, c, d: abs(a - c) <= ONSET_S + 1e-6 and abs(b - d) <= tolerance(a, b)
    hits = np.array([[close(a, b, c, d) for c, d in found] for a, b in reference])
    return int(hits[linear_sum_assignment(~hits)].sum())


def count(reference, found, seconds: float) -> Counts:
    """One label in one recording. Segments are of 1 s, from the second of the onset to that of the offset."""
    segments = np.zeros((2, int(np.ceil(seconds))), bool)
    for row, events in zip(segments, (reference, found)):
        for onset, offset in events:
            row[int(onset) : int(np.ceil(offset))] = True
    counts = Counts(
        segment_true=int((segments[0] & segments[1]).sum()),
        segment_false=int((~segments[0] & segments[1]).sum()),
        segment_missed=int((segments[0] & ~segments[1]).sum()),
    )
    if not reference:
        counts.absent_events, counts.absent_minutes = len(found), seconds / 60
    if not any(offset - onset > BACKGROUND_SHARE * seconds for onset, offset in reference):
        counts.event_true = _matched(reference, found)
        counts.event_false = len(found) - counts.event_true
        counts.event_missed = len(reference) - counts.event_true
    return counts


def by_recording(truth: Events, found: Events, seconds: dict[str, float], labels) -> list[Counts]:
    """Every label is asked of every recording."""
    return [
        sum((count(truth.get((r, l), []), found.get((r, l), []), length) for l in labels), Counts())
        for r, length in seconds.items()
    ]


def interval(recordings: list[Counts], baseline: list[Counts] | None = None) -> dict[str, tuple[float, float]]:
    """95 % intervals of the metrics over recordings drawn with replacement; with `baseline`, of the differences to it
    on the same draws."""
    random, values = np.random.default_rng(0), {}
    for _ in range(BOOTSTRAPS):
        drawn = random.integers(0, len(recordings), len(recordings))
        metrics = sum((recordings[i] for i in drawn), Counts()).metrics()
        if baseline is not None:
            other = sum((baseline[i] for i in drawn), Counts()).metrics()
            metrics = {name: value - other[name] for name, value in metrics.items()}
        for name, value in metrics.items():
            values.setdefault(name, []).append(value)
    return {name: tuple(np.percentile(v, [2.5, 97.5]).round(3).tolist()) for name, v in values.items()}
