"""Stage `golden`: numbers that a port of the front end and of the graphs is checked with."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import soundfile
from scipy.signal import resample_poly

from .evaluate import Folder
from .export import RAW_FRAMES
from .frontend import SAMPLE_RATE, log_mel

SECONDS, VALUES = 3, 300
PROMPTS = [
    *("dog bark", "applause", "someone coughing", "glass breaking", "people talking", "car horn", "door slam"),
    *("footsteps on gravel", "music", "rain", "thunder", "baby crying", "acoustic guitar", "keyboard typing"),
    *("police siren", "bird song", "silence", "a woman laughing", "philosophy", "Café, naïve!"),
]
TOLERANCES = "log-mel: 0.01 dB where db > -60; embeddings: 1e-4; text: 1e-5"


def _rounded(values, digits=6):
    return [round(float(v), digits) for v in values]


def raw_frames(folder: Path, db: np.ndarray) -> np.ndarray:
    """The frames [T', D] of log-mel [T, 128] before the graph smooths them, if it does."""
    model = onnx.load(str(folder / "onnx/audio_model.onnx"))
    name = RAW_FRAMES if any(RAW_FRAMES in node.output for node in model.graph.node) else "frame_embeds"
    if name == RAW_FRAMES:
        model.graph.output.append(onnx.helper.make_tensor_value_info(RAW_FRAMES, onnx.TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run([name], {"input_features": db[None, None]})[0][0]


def golden(folder: Path, sound: Path, start_s: float, out: Path) -> None:
    """Writes golden.wav (3 s of `sound`), golden.json and golden-logmel.npy."""
    out.mkdir(parents=True, exist_ok=True)
    rate = soundfile.info(sound).samplerate
    x, _ = soundfile.read(sound, start=int(start_s * rate), stop=int((start_s + SECONDS) * rate))
    common = np.gcd(SAMPLE_RATE, rate)
    x = resample_poly(x, SAMPLE_RATE // common, rate // common)
    soundfile.write(out / "golden.wav", x, SAMPLE_RATE, subtype="PCM_16")
    x, _ = soundfile.read(out / "golden.wav")  # what a port reads: 16 bits
    db = log_mel(x).numpy().astype(np.float32)
    model, random = Folder(folder), np.random.default_rng(0)
    clip, frames = (v[0] for v in model.audio.run(None, {"input_features": db[None, None]}))
    raw = raw_frames(folder, db)
    cells = [(int(i), int(j)) for i, j in zip(random.integers(0, len(db), VALUES), random.integers(0, 128, VALUES))]
    cells += [(i, j) for i in (0, len(db) - 1) for j in (0, 127)] + [(len(db) // 2, 64)]
    rows = []
    for prompt in PROMPTS:
        words = model.words.encode(prompt)
        vector, bias = model.prompt(prompt)
        logits = model.scale * frames @ vector + bias
        rows.append(
            dict(
                prompt=prompt,
                tokens=words.tokens,
                input_ids=words.ids,
                text_embeds_first8=_rounded(vector[:8]),
                text_embeds_last2=_rounded(vector[-2:]),
                norm=round(float(np.linalg.norm(vector)), 6),
                logit_bias=round(float(bias), 5),
                clip_logit=round(float(model.scale * clip @ vector + bias), 4),
                frame_probabilities=_rounded(1 / (1 + np.exp(-logits)), 4),
            )
        )
    numbers = dict(
        wav="golden.wav",
        sample_rate=SAMPLE_RATE,
        samples=len(x),
        mel_shape=list(db.shape),
        mel_values=[dict(frame=i, band=j, db=round(float(db[i, j]), 4)) for i, j in cells],
        mel_mean=round(float(db.mean()), 5),
        mel_min=round(float(db.min()), 4),
        mel_max=round(float(db.max()), 4),
        audio_embeds=_rounded(clip),
        frame_embeds_shape=[1, *frames.shape],
        frame_embeds_rows={str(i): _rounded(frames[i]) for i in (0, 7, len(frames) - 1)},
        raw_frame_embeds_rows={str(i): _rounded(raw[i]) for i in (0, 7, len(raw) - 1)},
        logit_scale=model.scale,
        prompts=rows,
        tolerances=TOLERANCES,
    )
    (out / "golden.json").write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    np.save(out / "golden-logmel.npy", db)
