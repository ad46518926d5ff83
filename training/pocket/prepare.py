"""Stage `prepare`: log-mels of every sound, and what the untouched tagger says of it.

Writes, beside each other: `.mel.u8` [sum T, 128], `.clip.f16` [n, 527] and `.frame.f16` [sum T', 527] logits, `.tsv`.
"""

import os
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
import torch
from scipy.signal import resample_poly

from .activity import quantise
from .collection import open_audio, read_index, sample_of
from .frontend import SAMPLE_RATE, log_mel
from .network import FRAME, normalise
from .progress import Pause
from .tagger import Tagger

LONGEST_S = 30
EDGE = 2 * 320
"""20 ms of silence at both ends."""
SHORTEST_CONTEXT, WINDOW, REPEAT_PAUSE = 400, 1008, 30
SILENCE_DB = -100.0
SUFFIXES = (".mel.u8", ".clip.f16", ".frame.f16", ".tsv")


@dataclass(frozen=True)
class Features:
    """One row of the table: a sound and where its features lie."""

    package: str
    path: str
    spec: str
    caption: str
    mel_start: int
    mel_frames: int
    frame_start: int
    frames: int


def _silence(frames):
    return torch.full((1, 1, frames, 128), SILENCE_DB)


def _whole(tagger: Tagger, db: torch.Tensor) -> torch.Tensor:
    """Class logits of a sound [527]. A short one is repeated with pauses: the tagger knows 10 s clips."""
    if db.shape[2] < SHORTEST_CONTEXT:
        times = -(-SHORTEST_CONTEXT // (db.shape[2] + REPEAT_PAUSE))
        return tagger.clip(torch.cat([db, _silence(REPEAT_PAUSE)] * times, 2))[0]
    starts = range(0, max(1, db.shape[2] - 500), 1000)
    return torch.stack([tagger.clip(db[:, :, start : start + 1000])[0] for start in starts]).mean(0)


def _frames(tagger: Tagger, db: torch.Tensor) -> torch.Tensor:
    """Class logits of frames [ceil(T / 16), 527]."""
    wanted = -(-db.shape[2] // FRAME)
    if db.shape[2] < SHORTEST_CONTEXT:
        db = torch.cat([db, _silence(SHORTEST_CONTEXT - db.shape[2])], 2)
    logits = []
    for start in range(0, db.shape[2], WINDOW):
        part = db[:, :, start : start + WINDOW]
        if part.shape[2] < 3 * FRAME:
            part = torch.cat([part, _silence(3 * FRAME - part.shape[2])], 2)
        logits.append(tagger.frames(normalise(part))[0][0])
    return torch.cat(logits)[:wanted]


def chosen(sounds, limits: dict[str, int]):
    """All sounds, of the packages in `limits` a random choice of so many."""
    random, dropped = np.random.default_rng(1), set()
    for package, limit in limits.items():
        own = [i for i, sound in enumerate(sounds) if sound.package == package]
        if len(own) > limit:
            dropped |= set(own) - set(random.choice(own, limit, replace=False).tolist())
    return [sound for i, sound in enumerate(sounds) if i not in dropped]


@torch.no_grad()
def prepare(config, collection: str) -> None:
    out = config.paths.features(collection)
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = config.paths.sounds(collection)
    audio = open_audio(folder)
    whole, dense = (Tagger.load(config.paths.tagger, dense) for dense in (False, True))
    part = [Path(f"{out}{suffix}.part") for suffix in SUFFIXES]
    mel_start = frame_start = 0
    pause = Pause(config.paths.work)
    with open(part[0], "wb") as mels, open(part[1], "wb") as clips, open(part[2], "wb") as frames, open(
        part[3], "w", encoding="utf-8"
    ) as table:
        table.write("\t".join(f.name for f in fields(Features)) + "\n")
        for sound in chosen(read_index(folder), config.sounds.files_of):
            pause.wait()
            x = resample_poly(sample_of(audio, sound)[: LONGEST_S * 48000], 2, 3)
            x = np.pad(x, (0, max(0, SAMPLE_RATE // 20 - len(x))))
            db = log_mel(np.pad(x, EDGE))[None, None]
            logits = _frames(dense, db)
            mels.write(quantise(db[0, 0].numpy()).tobytes())
            clips.write(_whole(whole, db).numpy().astype(np.float16).tobytes())
            frames.write(logits.numpy().astype(np.float16).tobytes())
            row = Features(
                sound.package, sound.path, sound.spec, sound.caption, mel_start, db.shape[2], frame_start, len(logits)
            )
            table.write("\t".join(map(str, astuple(row))) + "\n")
            mel_start += db.shape[2]
            frame_start += len(logits)
    for file, suffix in zip(part, SUFFIXES):
        os.replace(file, f"{out}{suffix}")
    print(f"{collection}: {mel_start / 360000:.2f} h")


def read_features(prefix: Path):
    """-> rows, bytes [sum T, 128], clip logits [n, 527], frame logits [sum T', 527], mapped from their files."""
    lines = Path(f"{prefix}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = []
    for line in lines:
        package, path, spec, caption, *numbers = line.split("\t")
        rows.append(Features(package, path, spec, caption, *map(int, numbers)))
    return (
        rows,
        np.memmap(f"{prefix}.mel.u8", np.uint8, "r").reshape(-1, 128),
        np.memmap(f"{prefix}.clip.f16", np.float16, "r").reshape(-1, 527),
        np.memmap(f"{prefix}.frame.f16", np.float16, "r").reshape(-1, 527),
    )
