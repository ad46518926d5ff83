"""False alarms for 200 prompts of sounds that the recordings do not hold, by plain decoding (median of three frames, p >= .5).

Usage: false_alarms.py EVALUATE.py MODEL_DIR AUDIO_DIR        Prompts: absent-prompts.txt and more-absent-prompts.txt.
"""
import pathlib, sys
import numpy as np
from scipy.ndimage import median_filter
from cache_logits import load_module, mono_32k

THRESHOLDS = (.4, .5, .6)


def main():
    reference, model, audio = sys.argv[1:4]
    ev, here = load_module(reference), pathlib.Path(__file__)
    prompts = [p for name in ('absent-prompts.txt', 'more-absent-prompts.txt') for p in here.with_name(name).read_text().splitlines() if p]
    pocket = ev.Pocket(model)
    text, bias = pocket.prompts(prompts)
    events, found, minutes, files = dict.fromkeys(THRESHOLDS, 0), 0, 0, sorted(pathlib.Path(audio).glob('*.flac'))
    for f in files:
        x, seconds = mono_32k(f)
        p = median_filter(1 / (1 + np.exp(-pocket.logits(ev.log_mel(x), text, bias)[0])), (3, 1), mode='nearest')
        for t in THRESHOLDS:
            events[t] += (np.diff((p >= t).astype(int), axis=0, prepend=0) == 1).sum()
        found, minutes = found + (p.max(0) >= .5).sum(), minutes + seconds / 60
    rates = ', '.join(f'p >= {t}: {n / minutes / len(prompts):.3f}' for t, n in events.items())
    print(f'{len(prompts)} prompts, {minutes:.1f} min; false events per prompt and minute: {rates}; prompts heard in a recording: {found / len(files) / len(prompts):.1%}')


if __name__ == '__main__':
    main()
