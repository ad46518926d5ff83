"""Recordings mixed from the development packages, to choose settings on."""

import pickle
import re
from dataclasses import dataclass

import numpy as np
import torch
from scipy.signal import resample_poly

from .checkpoint import AudioModel, TextModel
from .collection import SAMPLE_RATE, open_audio, read_index, sample_of
from .frontend import log_mel
from .metrics import by_recording, events_of, Counts
from .network import FRAME
from .prompts import prompt_vectors, shares

RECORDINGS, SECONDS = 24, 30
WINDOW = 1008
LEVEL_DB = 26.0
"""An event lasts while its level is at most this far below its peak."""
JOIN_S = 0.15
THRESHOLDS = (0.3, 0.4, 0.5, 0.6)
MEDIAN = 3


def _rules(file):
    lines = file.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and line[0] != "#")
    return [(re.compile(package), re.compile(path, re.I), label) for package, path, label in rows]


def _audible(samples) -> tuple[float, float]:
    """Seconds from where to where a sound is there."""
    level = np.sqrt((samples[: len(samples) // 480 * 480].reshape(-1, 480) ** 2).mean(1) + 1e-12)
    level = np.convolve(np.pad(level, 2, mode="edge"), np.ones(5) / 5, "valid")
    on = np.flatnonzero(level > level.max() * 10 ** (-LEVEL_DB / 20))
    return on[0] / 100, (on[-1] + 1) / 100


def _background(kind, random):
    noise = random.normal(size=SECONDS * SAMPLE_RATE).astype(np.float32)
    if kind == 1:
        noise = np.convolve(noise, np.ones(24) / 24, "same")
    elif kind == 2:
        noise = np.cumsum(noise)
        noise -= np.convolve(noise, np.ones(4800) / 4800, "same")
    elif kind == 3:
        hum = np.sin(2 * np.pi * 60 * np.arange(len(noise)) / SAMPLE_RATE)
        noise = noise * 0.2 + hum.astype(np.float32)
    return noise / np.sqrt((noise**2).mean()) * 10 ** (random.uniform(-62, -38) / 20)


def _joined(events):
    """Events of one label with hardly a pause between them are one."""
    joined = []
    for onset, offset in sorted(events):
        if joined and onset <= joined[-1][1] + JOIN_S:
            joined[-1] = (joined[-1][0], max(joined[-1][1], offset))
        else:
            joined.append((onset, offset))
    return joined


def _clip(audio, sound, seconds):
    samples = sample_of(audio, sound)[: int(seconds * SAMPLE_RATE)]
    samples = samples / (np.abs(samples).max() + 1e-9)
    if sound.samples > len(samples):
        samples[-4800:] *= np.linspace(1, 0, min(4800, len(samples)))
    return samples


def build(config) -> None:
    """Stage `development`: writes `development.pkl`, log-mels and truth."""
    random = np.random.default_rng(11)
    folder = config.paths.sounds("packages")
    audio, by_label = open_audio(folder), {}
    rules = _rules(config.paths.file_labels.with_name("development.tsv"))
    for sound in read_index(folder):
        if sound.package in config.sounds.development:
            for package, path, label in rules:
                if package.match(sound.package) and path.search(sound.path):
                    by_label.setdefault(label, []).append(sound)
                    break
    labels, recordings, truth = sorted(by_label), [], {}
    for k in range(RECORDINGS):
        x = _background(k % 5, random)
        time, events = random.uniform(0.5, 1.5), {}
        # labels take turns, so that each appears
        wanted = [labels[(k * 11 + j * 7) % len(labels)] for j in range(9)]
        random.shuffle(wanted)
        for label in wanted:
            clip = _clip(audio, by_label[label][random.integers(len(by_label[label]))], random.uniform(2, 5))
            length = len(clip) / SAMPLE_RATE
            for _ in range(int(random.integers(1, 4)) if length < 1 else 1):
                if time + length > SECONDS - 0.2:
                    break
                start = int(time * SAMPLE_RATE)
                x[start : start + len(clip)] += clip * 10 ** (random.uniform(-16, -3) / 20)
                begin, end = _audible(clip)
                events.setdefault(label, []).append((time + begin, time + end))
                overlap = random.uniform(0.6, 1) if random.random() < 0.15 else 1
                time += length * overlap + random.uniform(0.15, 0.7)
        x /= max(1, np.abs(x).max() / 0.9)
        recordings.append(log_mel(resample_poly(x, 2, 3)).numpy())
        truth |= {(str(k), label): _joined(found) for label, found in events.items()}
    with open(config.paths.work / "development.pkl", "wb") as file:
        pickle.dump((recordings, truth, sorted({label for _, label in truth})), file)
    print(f"{len(recordings)} recordings, {sum(map(len, truth.values()))} events")


@torch.no_grad()
def frame_vectors(tower, db: np.ndarray) -> torch.Tensor:
    """log-mel [T, 128] -> audio vectors [ceil(T / 16), k]: windows of 10 s, half overlapping, their middles kept."""
    count = -(-len(db) // FRAME)
    z, step, start = torch.zeros(count, tower.k), WINDOW // FRAME // 2 * FRAME, 0
    while True:
        frames = tower.vectors(torch.tensor(db[start : start + WINDOW])[None, None])[1][0]
        first = WINDOW // FRAME // 4 if start else 0
        z[start // FRAME + first : start // FRAME + len(frames)] = frames[first:]
        if start + WINDOW >= len(db):
            return z
        start += step


@dataclass
class Development:
    """recordings [T, 128] each, truth of (recording, label), labels, the labels' shares [L, 528], calibration [5]."""

    recordings: list[np.ndarray]
    truth: dict
    labels: list[str]
    shares: torch.Tensor
    calibration: torch.Tensor

    @classmethod
    def load(cls, config) -> "Development | None":
        """None before stages `development` and `train-text` have run."""
        file, text = config.paths.work / "development.pkl", config.paths.checkpoints / "text.pt"
        if not (file.exists() and text.exists()):
            return None
        with open(file, "rb") as stream:
            recordings, truth, labels = pickle.load(stream)
        model = TextModel.load(text)
        return cls(recordings, truth, labels, shares(model, labels), model.tower.calibration.detach())

    @torch.no_grad()
    def measure(self, model: AudioModel) -> dict:
        """Metrics at each threshold."""
        u, bias = prompt_vectors(model.anchors, model.biases, self.shares, self.calibration)
        logits = [(frame_vectors(model.tower, db) @ u.T + bias).numpy() for db in self.recordings]
        seconds = {str(k): float(SECONDS) for k in range(len(logits))}
        result = {}
        for threshold in THRESHOLDS:
            found = {
                (str(k), label): events_of(rows[:, j], threshold, MEDIAN)
                for k, rows in enumerate(logits)
                for j, label in enumerate(self.labels)
            }
            counts = sum(by_recording(self.truth, found, seconds, self.labels), Counts())
            result[threshold] = {name: round(value, 4) for name, value in counts.metrics().items()}
        return result
