"""Stage `exclude`: training sounds that equal a sound of a held or validation package, by samples or by spectrogram.

Those sounds are decoded for this comparison and for nothing else.
"""

import hashlib

import numpy as np
import torch
from scipy.signal import resample_poly

from .activity import OFFSET_DB, STEP_DB
from .collection import open_audio, read_index, sample_of
from .frontend import SAMPLE_RATE, log_mel
from .prepare import EDGE, LONGEST_S, read_features

MOMENTS, BANDS = 24, 32
ALIKE, LENGTHS = 0.97, 0.08
"""Correlation of the prints above which two sounds are the same, and how far their lengths may differ."""


def fingerprint(db: np.ndarray) -> tuple[np.ndarray, int]:
    """log-mel [T, 128] -> unit vector [768] of the audible part at 24 moments in 32 bands, and that part's length."""
    level = 10 * np.log10((10 ** (db / 10)).sum(1) + 1e-9)
    audible = np.flatnonzero(level > level.max() - 35)
    part = np.maximum(db[audible[0] : audible[-1] + 1], db.max() - 60)
    at = np.linspace(0, len(part) - 1, MOMENTS)
    low = at.astype(int)
    share = (at - low)[:, None]
    moments = part[low] * (1 - share) + part[np.minimum(low + 1, len(part) - 1)] * share
    bands = moments.reshape(MOMENTS, BANDS, -1).mean(2)
    bands = bands - bands.mean()
    return (bands / (np.linalg.norm(bands) + 1e-9)).ravel().astype(np.float32), len(part)


def digest(samples: np.ndarray) -> str:
    """SHA-256 of the samples without silence at the ends."""
    return hashlib.sha256(np.trim_zeros(samples).tobytes()).hexdigest()


@torch.no_grad()
def exclude(config) -> None:
    """Writes `excluded.tsv`: package, path, the sound it equals, correlation."""
    prints, lengths, names, digests = [], [], [], set()
    folder = config.paths.sounds("never")
    audio = open_audio(folder)
    for sound in read_index(folder):
        digests.add(digest(audio[sound.start : sound.start + sound.samples]))
        x = resample_poly(sample_of(audio, sound)[: LONGEST_S * 48000], 2, 3)
        x = np.pad(x, EDGE + max(0, SAMPLE_RATE // 20 - len(x)))
        vector, length = fingerprint(log_mel(x).numpy())
        prints.append(vector)
        lengths.append(length)
        names.append(f"{sound.package}/{sound.path}")
    known, lengths = np.stack(prints), np.array(lengths)
    rows = []
    for collection in config.sounds.collections:
        folder = config.paths.sounds(collection)
        audio = open_audio(folder)
        sounds = {(s.package, s.path): s for s in read_index(folder)}
        table, mel, _, _ = read_features(config.paths.features(collection))
        for row in table:
            sound = sounds[row.package, row.path]
            db = mel[row.mel_start : row.mel_start + row.mel_frames] * np.float32(STEP_DB) + OFFSET_DB
            vector, length = fingerprint(db)
            alike = np.where(np.abs(lengths / length - 1) > LENGTHS, 0, known @ vector)
            best = int(alike.argmax())
            same = digest(audio[sound.start : sound.start + sound.samples]) in digests
            if same or alike[best] > ALIKE:
                rows.append(f"{row.package}\t{row.path}\t{names[best]}\t{alike[best]:.3f}\n")
    (config.paths.work / "excluded.tsv").write_text("".join(rows), encoding="utf-8")
    print(f"{len(rows)} sounds excluded")
