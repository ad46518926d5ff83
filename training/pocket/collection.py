"""Collections of decoded sounds: `audio.i16` (48 kHz mono, 16 bits) and `index.tsv`."""

import os
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

SAMPLE_RATE = 48000
SHORTEST, QUIETEST = 1500, 100


@dataclass(frozen=True)
class Sound:
    """One row of the index. `spec` names classes where the maker of the sound knows them, `caption` is what a person
    would type to find it; both may be empty."""

    package: str
    path: str
    start: int
    samples: int
    spec: str = ""
    caption: str = ""


class Writer:
    """Appends sounds; the finished collection appears under its name only when the writer closes without an error."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.position = 0

    def __enter__(self):
        self.audio = open(self.folder / "audio.i16.part", "wb")
        self.index = open(self.folder / "index.tsv.part", "w", encoding="utf-8")
        self.index.write("\t".join(f.name for f in fields(Sound)) + "\n")
        return self

    def __exit__(self, error, *_):
        self.audio.close()
        self.index.close()
        if error is None:
            for name in ("audio.i16", "index.tsv"):
                os.replace(self.folder / f"{name}.part", self.folder / name)

    def add(self, package, path, samples: np.ndarray, spec="", caption="") -> None:
        """samples: int16 at 48 kHz. Very short and silent ones are left out."""
        if len(samples) < SHORTEST or np.abs(samples.astype(np.int32)).max() < QUIETEST:
            return
        self.audio.write(samples.tobytes())
        row = astuple(Sound(package, path, self.position, len(samples), spec, caption))
        self.index.write("\t".join(map(str, row)) + "\n")
        self.position += len(samples)


def read_index(folder: Path) -> list[Sound]:
    lines = (folder / "index.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return [Sound(package, path, int(start), int(n), spec, caption) for package, path, start, n, spec, caption in rows]


def open_audio(folder: Path) -> np.ndarray:
    """All samples of a collection, int16, mapped from its file."""
    return np.memmap(folder / "audio.i16", np.int16, "r")


def sample_of(audio: np.ndarray, sound: Sound) -> np.ndarray:
    """float32 [N] in -1..1."""
    return audio[sound.start : sound.start + sound.samples].astype(np.float32) / 32768
