"""Stage `evaluate`: a model folder on labelled recordings, by plain decoding, with confidence intervals."""

import csv
import json
from pathlib import Path

import numpy as np
import onnxruntime
import soundfile
from scipy.signal import resample_poly
from tokenizers import Tokenizer

from .frontend import SAMPLE_RATE, log_mel
from .metrics import Counts, by_recording, events_of, interval
from .network import FRAME

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)
MEDIAN, WINDOW = 3, 1008


class Folder:
    """The two graphs of a model folder."""

    def __init__(self, folder: Path):
        self.scale = json.loads((folder / "config.json").read_text(encoding="utf-8"))["logit_scale"]
        self.words = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        graph = lambda name: onnxruntime.InferenceSession(str(folder / f"onnx/{name}_model.onnx"), options)
        self.audio, self.text = graph("audio"), graph("text")

    def prompt(self, text: str):
        """-> unit vector [D], bias."""
        ids = np.array([self.words.encode(text).ids], np.int64)
        vectors, biases = self.text.run(None, dict(input_ids=ids, attention_mask=np.ones_like(ids)))
        return vectors[0], biases[0]

    def logits(self, db: np.ndarray, vectors, biases) -> np.ndarray:
        """log-mel [T, 128], prompts [P, D] -> [ceil(T / 16), P]: windows of 10 s, half overlapping, middles kept."""
        out = np.zeros((-(-len(db) // FRAME), len(vectors)), np.float32)
        start, step = 0, WINDOW // FRAME // 2 * FRAME
        while True:
            _, frames = self.audio.run(None, {"input_features": db[start : start + WINDOW][None, None]})
            first = WINDOW // FRAME // 4 if start else 0
            rows = self.scale * frames[0, first:] @ vectors.T + biases
            out[start // FRAME + first : start // FRAME + frames.shape[1]] = rows
            if start + WINDOW >= len(db):
                return out
            start += step


def read_truth(file: Path):
    """-> {(recording, label): [(onset, offset)]} of a table with the columns filename, onset, offset, event_label."""
    truth = {}
    with open(file, encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            event = float(row["onset"]), float(row["offset"])
            truth.setdefault((row["filename"], row["event_label"]), []).append(event)
    return truth


def read_recording(file: Path) -> tuple[np.ndarray, float]:
    """-> log-mel [T, 128], seconds."""
    samples, rate = soundfile.read(file, always_2d=True)
    common = np.gcd(SAMPLE_RATE, rate)
    x = resample_poly(samples.mean(1), SAMPLE_RATE // common, rate // common)
    return log_mel(x).numpy(), len(samples) / rate


def count_events(model: Folder, audio: Path, truth) -> dict[float, list[Counts]]:
    """-> at each threshold the counts of each recording."""
    labels, files = sorted({label for _, label in truth}), sorted({file for file, _ in truth})
    prompts = [model.prompt(label.replace("_", " ")) for label in labels]
    vectors, biases = np.stack([v for v, _ in prompts]), np.array([b for _, b in prompts])
    seconds, found = {}, {threshold: {} for threshold in THRESHOLDS}
    for file in files:
        db, seconds[file] = read_recording(audio / file)
        logits = model.logits(db, vectors, biases)
        for threshold, events in found.items():
            events |= {(file, label): events_of(logits[:, j], threshold, MEDIAN) for j, label in enumerate(labels)}
    return {threshold: by_recording(truth, events, seconds, labels) for threshold, events in found.items()}


def evaluate(folder: Path, audio: Path, truth_file: Path, baseline: Path | None) -> None:
    """Prints metrics and 95 % intervals; of `baseline`, another model folder, the differences too."""
    truth = read_truth(truth_file)
    counts = count_events(Folder(folder), audio, truth)
    other = count_events(Folder(baseline), audio, truth) if baseline else None
    for threshold, recordings in counts.items():
        metrics, intervals = sum(recordings, Counts()).metrics(), interval(recordings)
        parts = [f"{name} {value:.3f} {intervals[name]}" for name, value in metrics.items()]
        print(f"p >= {threshold}: " + ", ".join(parts))
    if other:
        for mine in counts:
            for theirs in other:
                differences = interval(counts[mine], other[theirs])
                print(f"p >= {mine} less the other's p >= {theirs}: {differences}")
