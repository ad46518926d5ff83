"""When a sound is there: from its own level over time."""

import numpy as np

from .frontend import MELS

STEP_DB, OFFSET_DB = 0.5, -75.0
"""Features are stored as (dB + 75) * 2 in a byte: -75 .. 52.5 dB."""
POWER = (10.0 ** ((np.arange(256) * STEP_DB + OFFSET_DB) / 10)).astype(np.float32)
POWER[0] = 0

ACTIVE_DB = 22.0
"""A sound is there where its level is at most this much below the level that it has for 5 % of its time."""
UNSURE_DB = 8.0
SILENT_DB = -45.0


def quantise(db: np.ndarray) -> np.ndarray:
    """dB -> bytes."""
    return np.clip(np.round((db - OFFSET_DB) / STEP_DB), 0, 255).astype(np.uint8)


def activity(mel: np.ndarray, fill_pause: int) -> tuple[np.ndarray, float]:
    """Bytes [T, 128] -> of each 10 ms 1 (there), 0 (not) or 0.5 (unsure), float16 [T]; the level when there, dB.

    Pauses shorter than `fill_pause` mel frames belong to the sound.
    """
    assert mel.shape[1] == MELS
    level = 10 * np.log10(POWER[mel].sum(1) + 1e-9)
    if len(level) > 5:
        level = np.convolve(np.pad(level, 2, mode="edge"), np.ones(5) / 5, "valid")
    high, low = np.percentile(level, 95), np.percentile(level, 5)
    if high < SILENT_DB:
        return np.zeros(len(level), np.float16), float(high)
    threshold = max(high - ACTIVE_DB, low + 4 if high - low > 14 else -np.inf)
    there = np.where(level > threshold, 1.0, np.where(level > threshold - UNSURE_DB, 0.5, 0.0))
    frames = np.flatnonzero(there == 1)
    for i in np.flatnonzero(np.diff(frames) > 1):
        if frames[i + 1] - frames[i] < fill_pause:
            there[frames[i] : frames[i + 1]] = 1
    return there.astype(np.float16), float(high)
