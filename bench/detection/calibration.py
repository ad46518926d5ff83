"""What docs/calibration.md reports: how much of what a model's biases are worth a background brings back.

Usage: calibration.py EVALUATE.py MODEL_DIR BACKGROUND.f32 VALIDATION_DIR SOUNDSCAPES_DIR
EVALUATE.py is the reference pipeline that came with the model; BACKGROUND.f32 is what write-background.ts writes.  The constants are
chosen on the soundscapes, which the model has heard in training; the validation recordings are only reported on.
"""
import csv, sys
from types import SimpleNamespace
import numpy as np
from scipy.signal import resample_poly
from cache_logits import levels, load_module, mono_32k, raw_frames
from detection import Options, detect
from measure import counts, total

LOGITS_PER_DEVIATION, BACKGROUND_LOGIT = 1.5, -6
TEMPLATES = dict(sentence=['This is a sound of {}.'], ensemble=['{}', 'the sound of {}', 'This is a sound of {}.', 'a recording of {}'])
NEGATIVES = ['silence', 'background noise', 'noise', 'hum', 'wind']


def frame_embeddings(pocket, db, window=1008, frame=16):
    """the frames that Pocket.logits() scores, before any prompt; [frames, D]"""
    n, step, o = -(-len(db) // frame), window // frame // 2 * frame, 0
    out = np.zeros((n, 256), np.float32)
    while True:
        f = pocket.audio.run(['frame_embeds'], {'input_features': db[o:o + window][None, None]})[0][0]
        first = 0 if o == 0 else window // frame // 4
        out[o // frame + first:o // frame + len(f)] = f[first:]
        if o + window >= len(db):
            return out
        o += step


def recordings(ev, pocket, folder):
    rows = list(csv.DictReader(open(f'{folder}/truth.tsv'), delimiter='\t'))
    data = SimpleNamespace(labels=sorted({r['event_label'] for r in rows}), files=sorted({r['filename'] for r in rows}), truth={}, frames={}, level={}, seconds={})
    for r in rows:
        data.truth.setdefault((r['filename'], r['event_label']), []).append((float(r['onset']), float(r['offset'])))
    for f in data.files:
        x, data.seconds[f] = mono_32k(f'{folder}/{f}')
        data.frames[f] = frame_embeddings(pocket, ev.log_mel(x))
        data.level[f] = levels(x, len(data.frames[f]))
    return data


def texts(pocket, labels, forms=('{}',)):
    mean = np.array([pocket.prompts([form.format(label.replace('_', ' ')) for form in forms])[0].mean(0) for label in labels])
    return mean / np.linalg.norm(mean, axis=1, keepdims=True)


def centre_and_deviation(background, text, independent=.5, robust=True):
    """of src/detection/background-calibration.ts by default"""
    cosines = background @ text.T
    centre = np.median(cosines, 0) if robust else cosines.mean(0)
    spread = 1.4826 * np.median(abs(cosines - centre), 0) if robust else cosines.std(0)
    return centre, np.sqrt((1 - independent) * spread ** 2 + independent * (text ** 2 @ background.var(0)))


def measured(data, logits):
    """event F1, segment F1, false events, onset error at the default sensitivity"""
    rows = []
    for f in data.files:
        z = logits(f)
        boxes = {(f, l): [(a, min(b, data.seconds[f]), c) for a, b, c in detect(z[:, j], z[:, j], data.level[f])[1]] for j, l in enumerate(data.labels)}
        rows.append(counts(data, boxes, f, .5))
    return total(rows)


def line(name, m):
    print(f'| {name} | {m[0]:.3f} | {m[1]:.3f} | {m[2]:.3f} | {m[3]:.0f} |', flush=True)


def main():
    reference, model, background_file, validation, soundscapes = sys.argv[1:6]
    ev = load_module(reference)
    pocket = ev.Pocket(model)
    pocket.audio = raw_frames(model)
    background = frame_embeddings(pocket, ev.log_mel(resample_poly(np.fromfile(background_file, np.float32).astype(float), 2, 3)))
    seen, data = recordings(ev, pocket, soundscapes), recordings(ev, pocket, validation)

    def z(d, text, a=LOGITS_PER_DEVIATION, **how):
        centre, deviation = centre_and_deviation(background, text, **how)
        return lambda f: a * (d.frames[f] @ text.T - centre) / deviation + BACKGROUND_LOGIT

    text = texts(pocket, seen.labels)
    print('constants, on the soundscapes: event F1, segment F1, false events, onset error')
    for robust in (True, False):
        for independent in (0, .5, 1):
            for a in (1.25, 1.5, 1.75, 2):
                line(f'{"median" if robust else "mean"}, {independent} independent, {a} logits a deviation', measured(seen, z(seen, text, a, independent=independent, robust=robust)))

    print('validation')
    text, bias = texts(pocket, data.labels), pocket.prompts([l.replace('_', ' ') for l in data.labels])[1]
    line("the model's own biases", measured(data, lambda f: pocket.scale * data.frames[f] @ text.T + bias))
    same = [measured(data, lambda f: pocket.scale * data.frames[f] @ text.T + b) for b in np.arange(-9.5, -5, .5)]
    line('no biases, one threshold for all, best case', max(same, key=lambda m: m[0] + m[1]))
    line('z, bare', measured(data, z(data, text)))
    line('z, median and deviation of the cosines alone', measured(data, z(data, text, independent=0)))
    for name, forms in TEMPLATES.items():
        line(f'z, {name}', measured(data, z(data, texts(pocket, data.labels, forms))))
    target, others = z(data, text), z(data, texts(pocket, NEGATIVES))
    line('z, bare, contrasts', measured(data, lambda f: target(f) - np.log1p(np.exp(others(f)).sum(1, keepdims=True))))


if __name__ == '__main__':
    main()
