"""Computes what presence is measured on: some ten minutes of tracks, each prompt, and which tracks hold which prompt's sound.

Usage: cache_long.py EVALUATE.py MODEL_DIR VALIDATION_DIR SOUNDSCAPES_DIR OUT.npz

OUT holds per track `frame` [frames, prompts] and `level` [frames x 8], the same for all tracks joined into one recording (`all`),
and the pairs (holds_track, holds_prompt).  Prompts: the labels of the validation tracks, then absent-prompts.txt.
"""
import csv, pathlib, sys
import numpy as np
from cache_logits import levels, load_module, mono_32k, raw_frames

SOUNDSCAPES = ('office', 'workshop', 'music', 'demo')
# Labels of the soundscapes that an answer to a validation prompt would be right for.
ALSO = {'bird chirping': {'birds'}, 'hammering metal': {'hammering', 'anvil'}, 'metal clang': {'anvil', 'hammering'}, 'buzzer': {'busy signal', 'smoke alarm'},
        'music': {'piano', 'trumpet', 'drums', 'violin', 'electric guitar'}, 'harp': {'piano', 'trumpet', 'violin', 'electric guitar', 'music'},
        'alarm': {'smoke alarm', 'telephone ringing', 'busy signal'}, 'crowd chatter': {'speech'}, 'punch': {'knocking'}, 'rustling leaves': {'tree falling'}}


def main():
    reference, model, validation, soundscapes, out = sys.argv[1:6]
    ev = load_module(reference)
    read = lambda folder: [(r['filename'], r['event_label']) for r in csv.DictReader(open(f'{folder}/truth.tsv'), delimiter='\t')]
    held = read(validation) + read(soundscapes)
    labels = sorted({l for _, l in read(validation)})
    prompts = labels + [l for l in pathlib.Path(__file__).with_name('absent-prompts.txt').read_text().splitlines() if l]
    paths = {f: f'{validation}/{f}' for f in sorted({f for f, _ in read(validation)})} | {f'{n}.flac': f'{soundscapes}/{n}.flac' for n in SOUNDSCAPES}
    holds = sorted({(f, p) for f in paths for p in prompts for t, l in held if t == f and (l == p or not f.startswith('val_') and l in ALSO.get(p, ()))})
    pocket = ev.Pocket(model)
    pocket.audio = raw_frames(model)
    text, bias = pocket.prompts(prompts)
    cache = dict(prompts=np.array(prompts), tracks=np.array(list(paths)), holds_track=np.array([t for t, _ in holds]), holds_prompt=np.array([p for _, p in holds]))
    audio = {f: mono_32k(path)[0] for f, path in paths.items()}
    for f, x in (audio | {'all': np.concatenate(list(audio.values()))}).items():
        frame, _ = pocket.logits(ev.log_mel(x), text, bias)
        cache |= {f'{f}/frame': frame, f'{f}/level': levels(x, len(frame))}
    np.savez_compressed(out, **cache)
    print(f'{len(paths)} tracks, {len(prompts)} prompts, {len(holds)} pairs that hold -> {out}')


if __name__ == '__main__':
    main()
