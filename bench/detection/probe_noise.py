"""What the model says of sounds that are none: silence, hiss, rumble, hum, a tone.

Usage: probe_noise.py EVALUATE.py MODEL_DIR VALIDATION.tsv        Prompts: the labels and absent-prompts.txt.
"""
import csv, pathlib, sys
import numpy as np
from cache_logits import load_module, raw_frames

SECONDS, RATE = 30, 32000


def signals():
    rng = np.random.default_rng(0)
    n, t = SECONDS * RATE, np.arange(SECONDS * RATE) / RATE
    yield 'digital silence', np.zeros(n)
    for db in (-40, -60, -80):
        yield f'white noise, {db} dBFS', rng.normal(size=n) * 10 ** (db / 20)
    for db in (-40, -60):
        x = np.cumsum(rng.normal(size=n))
        x -= np.convolve(x, np.ones(RATE // 10) / (RATE // 10), 'same')
        yield f'brown noise, {db} dBFS', x / x.std() * 10 ** (db / 20)
    yield 'mains hum', sum(a * np.sin(2 * np.pi * f * t) for f, a in ((50, .01), (150, .003), (250, .002)))
    yield '1 kHz tone', .1 * np.sin(2 * np.pi * 1000 * t)


def main():
    reference, model, tsv = sys.argv[1:4]
    ev = load_module(reference)
    prompts = sorted({r['event_label'] for r in csv.DictReader(open(tsv), delimiter='\t')})
    prompts += [p for p in pathlib.Path(__file__).with_name('absent-prompts.txt').read_text().splitlines() if p]
    pocket = ev.Pocket(model)
    pocket.audio = raw_frames(model)
    text, bias = pocket.prompts(prompts)
    for name, x in signals():
        frame, _ = pocket.logits(ev.log_mel(x), text, bias)
        medians = np.median(frame, 0)
        best = medians.argmax()
        print(f'{name}: highest median logit {medians[best]:.1f} ({prompts[best]}), prompts with a frame of p >= .5: {(frame.max(0) >= 0).sum()} of {len(prompts)}')


if __name__ == '__main__':
    main()
