"""Mixtures of sounds with what is heard in each frame, in the domain of mel powers."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from .activity import POWER
from .frontend import FLOOR, HIGHEST_HZ, MELS, kaldi_mel, mel_to_hz
from .network import CLASSES, FRAME
from .sources import Source, Sources

CENTRES_HZ = mel_to_hz(np.linspace(0, kaldi_mel(HIGHEST_HZ), MELS + 2)[1:-1])

COVERED = 0.4
"""A frame holds a sound that is there in this share of it, and ..."""
AUDIBLE = 0.08
"""... is the louder part of the mixture in this share of the bands at some moment. Below, down to the next, unsure."""
FAINT = 0.03
CLEARLY = 0.15
UNSURE_WEIGHT = 0.15

_NOISE = np.random.default_rng(3).gamma(8, 1 / 8, size=(6000, MELS)).astype(np.float32)


@dataclass
class Mixture:
    """db [T, 128]; target and weight [T / 16, 527]; clip [527]: what the whole holds."""

    db: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    clip: np.ndarray


@dataclass
class _Part:
    """One sound in its place: powers [m, 128] and presence [m] from mel frame `start` on."""

    source: Source
    first: int
    start: int
    power: np.ndarray
    there: np.ndarray


def equalisation(random) -> np.ndarray:
    """A smooth random gain of each band, dB [128]."""
    points = random.normal(size=5) * random.choice([0, 2, 4])
    return np.interp(np.arange(MELS), np.linspace(0, MELS - 1, 5), points)


def reverberate(power: np.ndarray, random) -> np.ndarray:
    """Powers [T, 128] in a room by formula: an exponential tail, shorter in higher bands; direct sound untouched."""
    seconds = np.exp(random.uniform(np.log(0.15), np.log(1.8)))
    gain = 4 * 10 ** (random.uniform(-16, 0) / 10)
    out = power.copy()
    for quarter in range(4):
        decay = 10 ** (-6 * 0.01 / (seconds * (1.15 - 0.2 * quarter)))
        bands = slice(32 * quarter, 32 * quarter + 32)
        out[:, bands] += gain * (1 - decay) * lfilter([0, 0, 1], [1, -decay], power[:, bands], axis=0)
    return out


def change_speed(power: np.ndarray, there: np.ndarray, factor: float):
    """Played `factor` times as fast: [T / factor, 128], bands moved up by `factor`."""
    frames = np.minimum((np.arange(max(2, int(len(power) / factor))) * factor).astype(int), len(power) - 1)
    band = np.interp(CENTRES_HZ / factor, CENTRES_HZ, np.arange(MELS))
    low = band.astype(int)
    part = (band - low).astype(np.float32)
    moved = power[frames]
    moved = moved[:, low] * (1 - part) + moved[:, np.minimum(low + 1, MELS - 1)] * part
    moved[:, CENTRES_HZ / factor > CENTRES_HZ[-1] * 1.02] *= 0.05
    return moved, there[frames]


def _plan(sources: Sources, frames, random, config, reference):
    """-> (source, level in dB, whether it is the background)."""
    if random.random() < config.alone:
        source = sources.pick(random) if random.random() < 0.6 else sources.long[random.integers(len(sources.long))]
        return [(source, reference, True)]
    plan = []
    behind = random.random()
    if behind < config.background:
        source = sources.long[random.integers(len(sources.long))]
        plan.append((source, reference - random.uniform(2, 26), True))
    count = int(random.choice([1, 2, 2, 3, 4, 5] if frames > 300 else [1, 1, 2]))
    if behind >= 0.93:
        count = max(0, count - 2)
    for _ in range(count):
        plan.append((sources.pick(random), reference - random.uniform(0, config.quietest_db), False))
    return plan


def _excerpt(source: Source, frames, background, random):
    """-> first mel frame and length."""
    length = len(source.mel)
    if background:
        count = min(frames, length)
    elif length < 500 or random.random() < 0.3:
        count = min(length, frames)
    else:
        count = int(min(length, frames, random.integers(60, 500)))
    return int(random.integers(0, length - count + 1)), count


def _floor(frames, reference, random) -> np.ndarray:
    """Steady noise [T, 128], of any level and tilt, now and then with a hum."""
    kind = random.random()
    level = random.uniform(-75, -25) if kind < 0.5 else reference - random.uniform(22, 45) - 12
    tilt = 10 ** (np.linspace(0, random.uniform(-22, 10), MELS) / 10)
    if random.random() < 0.12:
        tilt[random.integers(2, 8)] *= 10 ** random.uniform(0.5, 2)
    start = random.integers(0, len(_NOISE) - frames)
    return (10 ** (level / 10) * tilt).astype(np.float32) * _NOISE[start : start + frames]


def mixture(sources: Sources, frames: int, random: np.random.Generator, config) -> Mixture:
    """A mixture of `frames` mel frames, a multiple of 16. `config`: the table `mixtures`."""
    total = np.zeros((frames, MELS), np.float32)
    parts: list[_Part] = []
    reference = random.uniform(0, 48)
    plan = _plan(sources, frames, random, config, reference)
    room = int(random.integers(1 << 30)) if random.random() < config.room else None
    for source, level, behind in plan:
        background = behind and source.frames is not None
        first, count = _excerpt(source, frames, background, random)
        power, there = POWER[source.mel[first : first + count]], source.there[first : first + count].astype(np.float32)
        if not background and random.random() < config.speed:
            power, there = change_speed(power, there, float(np.exp(random.uniform(-0.2, 0.2))))
            power, there = power[:frames], there[:frames]
        power = power * 10 ** ((equalisation(random) + (level - source.level)) / 10).astype(np.float32)
        start = int(random.integers(0, frames - len(power) + 1))
        if room is not None and not background:
            tail = min(60, frames - start - len(power))
            power = reverberate(np.pad(power, ((0, tail), (0, 0))), np.random.default_rng(room))
            there = np.pad(there, (0, tail))
        times = int(random.integers(2, 5)) if not behind and len(power) < 150 and random.random() < 0.5 else 1
        for _ in range(times):
            total[start : start + len(power)] += power
            parts.append(_Part(source, first, start, power, there))
            start = int(random.integers(0, frames - len(power) + 1))
    total += _floor(frames, reference, random)
    return _labelled(total, parts)


def _labelled(total: np.ndarray, parts: list[_Part]) -> Mixture:
    count = len(total) // FRAME
    target, weight = np.zeros((count, CLASSES), np.float32), np.ones((count, CLASSES), np.float32)
    for part in parts:
        begin, end = part.start // FRAME, min(count, -(-(part.start + len(part.power)) // FRAME))
        if end <= begin:
            continue
        here = slice(part.start - begin * FRAME, min(part.start + len(part.power), end * FRAME) - begin * FRAME)
        length = here.stop - here.start
        there, louder = np.zeros((2, (end - begin) * FRAME), np.float32)
        there[here] = part.there[:length]
        mixed = total[part.start : part.start + length]
        louder[here] = (part.power[:length] * 2 > mixed).mean(1)
        there, louder = there.reshape(-1, FRAME), louder.reshape(-1, FRAME)
        audible = np.where(there >= 1, louder, 0).max(1)
        on = ((there >= 1).mean(1) >= COVERED) & (audible > AUDIBLE)
        unsure = (~on & (there > 0).any(1) & (audible > FAINT)) | (on & (audible < CLEARLY))
        heard = part.source.target(part.first, end - begin)
        target[begin:end] = np.maximum(target[begin:end], heard * on[:, None])
        weight[begin:end] = np.where(unsure[:, None] & (heard > 0.25), UNSURE_WEIGHT, weight[begin:end])
    clip = np.sort(target, 0)[-min(count, 3) :].mean(0)
    return Mixture(10 * np.log10(np.maximum(total, FLOOR)), target, weight, clip)
