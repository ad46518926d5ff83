"""Computes what detection is measured on, once: the logits of every (recording, prompt) pair and the level of every 20 ms.

Usage: cache_logits.py EVALUATE.py MODEL_DIR AUDIO_DIR TRUTH.tsv OUT.npz

EVALUATE.py is the reference pipeline that came with the model (front end, windows, metrics).  Prompts are the labels of TRUTH and
the absent prompts of absent-prompts.txt.  OUT holds, per recording, `frame` and `clip` [frames, prompts] (logits), `level` [frames x 8]
(dBFS of the 32 kHz mono mix in parts of 20 ms) and `seconds`; and `prompts`, `labels` (how many of the prompts are labels), `files`.
"""
import csv, importlib.util, pathlib, sys
import numpy as np, soundfile as sf
from scipy.signal import resample_poly

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'test/golden/evaluation'))
from raw_frames import raw_frames


def load_module(path):
    spec = importlib.util.spec_from_file_location('reference_pipeline', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def levels(x, frames, hop=640):
    """dBFS of each 20 ms of a 32 kHz mono signal; -inf for silence and past the end"""
    parts = [x[i * hop:(i + 1) * hop] for i in range(frames * 8)]
    with np.errstate(divide='ignore'):
        return np.array([10 * np.log10((p ** 2).mean()) if len(p) else -np.inf for p in parts], np.float32)


def mono_32k(path):
    x, fs = sf.read(path, always_2d=True)
    g = np.gcd(32000, fs)
    return resample_poly(x.mean(1), 32000 // g, fs // g), len(x) / fs


def main():
    reference, model, audio, tsv, out = sys.argv[1:6]
    ev = load_module(reference)
    rows = list(csv.DictReader(open(tsv), delimiter='\t'))
    labels, files = sorted({r['event_label'] for r in rows}), sorted({r['filename'] for r in rows})
    absent = [l for l in pathlib.Path(__file__).with_name('absent-prompts.txt').read_text().splitlines() if l and l not in labels]
    pocket = ev.Pocket(model)
    pocket.audio = raw_frames(model)
    text, bias = pocket.prompts([l.replace('_', ' ') for l in labels + absent])
    cache = dict(prompts=np.array(labels + absent), labels=len(labels), files=np.array(files))
    for f in files:
        x, seconds = mono_32k(f'{audio}/{f}')
        frame, clip = pocket.logits(ev.log_mel(x), text, bias)
        cache |= {f'{f}/frame': frame, f'{f}/clip': clip, f'{f}/level': levels(x, len(frame)), f'{f}/seconds': seconds}
    np.savez_compressed(out, **cache)
    print(f'{len(files)} recordings, {len(labels)} labels, {len(absent)} absent prompts -> {out}')


if __name__ == '__main__':
    main()
