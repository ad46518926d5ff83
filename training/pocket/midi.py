"""Short tunes and drum patterns, played by a SoundFont."""

import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from .collection import SAMPLE_RATE

TICKS = 480
"""Per beat, at 120 beats a minute."""
DRUM_CHANNEL = 9
MAJOR = [0, 2, 4, 5, 7, 9, 11, 12]
LOW = {32, 33, 36, 38, 43, 47, 58}
HIGH = {9, 40, 73, 74, 75}

Note = tuple[int, int, int, int]
"""Start and length in ticks, pitch, velocity."""


def _variable_length(number: int) -> bytes:
    """MIDI's numbers: seven bits a byte, all but the last marked."""
    out = [number & 127]
    while number > 127:
        number >>= 7
        out.insert(0, number & 127 | 128)
    return bytes(out)


def midi_file(program: int, notes: list[Note], drums=False) -> bytes:
    channel = DRUM_CHANNEL if drums else 0
    events = [] if drums else [(0, bytes([0xC0 | channel, program]))]
    for start, length, pitch, velocity in notes:
        events.append((start, bytes([0x90 | channel, pitch, velocity])))
        events.append((start + length, bytes([0x80 | channel, pitch, 0])))
    track, time = b"", 0
    for at, event in sorted(events, key=lambda e: e[0]):
        track += _variable_length(at - time) + event
        time = at
    track += _variable_length(TICKS) + b"\xff\x2f\x00"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS) + b"MTrk" + struct.pack(">I", len(track)) + track


def render(midi: bytes, soundfont: Path) -> np.ndarray:
    """-> samples at 48 kHz, mono."""
    with tempfile.TemporaryDirectory() as folder:
        tune, wave = Path(folder, "tune.mid"), Path(folder, "tune.wav")
        tune.write_bytes(midi)
        command = ["fluidsynth", "-ni", "-g", "0.7", "-r", str(SAMPLE_RATE), "-F", wave, soundfont, tune]
        subprocess.run(command, capture_output=True, check=True)
        return soundfile.read(wave, always_2d=True)[0].mean(1)


def tune(program: int, chords: bool, random) -> list[Note]:
    """Four bars of a random walk over a scale."""
    base = 36 if program in LOW else 67 if program in HIGH else 52
    base += int(random.integers(-7, 20))
    step = int(random.choice([120, 240, 240, 480]))
    degree, notes = int(random.integers(0, 8)), []
    for i in range(4 * 960 // step):
        degree = int(np.clip(degree + random.integers(-2, 3), 0, 7))
        notes.append((i * step, int(step * 0.95), base + MAJOR[degree], int(random.integers(70, 120))))
        if chords and i % 2 == 0:
            notes += [(i * step, int(step * 1.9), base + MAJOR[(degree + third) % 8], 80) for third in (2, 4)]
    return notes


def strokes(key: int, random) -> list[Note]:
    """Eight strokes of one drum, not quite even."""
    return [(int(i * 240 + random.integers(0, 30)), 100, key, int(random.integers(60, 120))) for i in range(8)]


def beat(random) -> list[Note]:
    """Two bars of bass drum, snare and hi-hat with a fill now and then."""
    step, notes = int(random.choice([200, 240, 300])), []
    for i in range(16):
        notes.append((i * step, 60, 42, int(random.integers(60, 100))))
        if i % 8 in (0, 5):
            notes.append((i * step, 60, 36, 115))
        if i % 8 == 4:
            notes.append((i * step, 60, 38, 110))
        if random.random() < 0.1:
            notes.append((i * step, 60, int(random.choice([45, 47, 49, 50])), 100))
    return notes
