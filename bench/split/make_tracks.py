"""Builds tracks out of known pieces and caches what the model says of them: what the split by class is measured on.

Usage: make_tracks.py EVALUATE.py MODEL_DIR CLIPS VALIDATION OUT_DIR

EVALUATE.py is the reference pipeline that came with the model.  CLIPS holds single sounds (`label-1.flac`), VALIDATION labelled tracks of
30 s with a truth.tsv; from it those events are cut out that nothing else overlaps.  All but the sounds marked "seen" in CLIPS are unknown
to the model.  The labels are divided into two halves that share no sound: `choose` to choose constants on, `report` to report on.

A track is 60 s of blocks.  A block is one class for .4 ... 8 s (sounds of one label, up to 150 ms apart), or, one in four, a sound that
no class asks for ("other").  Half of the blocks touch, between the others lie .3 ... 2 s of room noise ("other").  Four classes are in the track,
a fifth is asked for that is not.  Beside them stand the recordings of VALIDATION as they are (`natural`): sounds that overlap, and longer pauses;
two labels that are not in them are asked for too.  Every class is asked for by its label and by two other wordings (synonyms.tsv).  OUT_DIR receives tracks.json
(truth, classes, sizes) and tracks.f32: per track the frame logits [classes x 3 wordings x frames] and the levels of every 20 ms [frames x 8],
little-endian.
"""
import csv, importlib.util, json, pathlib, sys
import numpy as np, soundfile as sf
from scipy.signal import resample_poly

RATE, FRAME, PART = 32000, 5120, 640
SECONDS, TRACKS, CLASSES = 60, 16, 4


def load_module(path):
    spec = importlib.util.spec_from_file_location('reference_pipeline', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def mono_32k(path):
    x, fs = sf.read(path, always_2d=True)
    g = np.gcd(RATE, fs)
    return resample_poly(x.mean(1), RATE // g, fs // g)


def normalised(x):
    return .1 * x / np.sqrt((x ** 2).mean())


def read_truth(validation):
    """file -> events"""
    events = {}
    for row in csv.DictReader(open(validation / 'truth.tsv'), delimiter='\t'):
        events.setdefault(row['filename'], []).append(dict(label=row['event_label'], start=float(row['onset']), end=float(row['offset'])))
    return events


def collect(clips, validation):
    """label -> sounds, at a mean power of -20 dBFS"""
    sounds = {}
    for row in csv.DictReader(open(clips / 'sources.tsv'), delimiter='\t'):
        if row['model has'] == 'unseen':
            sounds.setdefault(row['label'], []).append(normalised(mono_32k(clips / row['filename'])))
    for file, events in sorted(read_truth(validation).items()):
        x = mono_32k(validation / file)
        for event in events:
            length = event['end'] - event['start']
            if length > 12 or any(o is not event and o['start'] < event['end'] + .05 and o['end'] > event['start'] - .05 for o in events):
                continue
            sounds.setdefault(event['label'], []).append(normalised(x[int(event['start'] * RATE):int(event['end'] * RATE)]))
    return sounds


def faded(x, samples=160):
    ramp = np.minimum(1, np.arange(len(x)) / samples)
    return x * ramp * ramp[::-1]


def block(rng, sounds, seconds):
    parts, length = [], 0
    while length < seconds * RATE:
        sound = sounds[rng.integers(len(sounds))]
        gap = np.zeros(rng.integers(int(.15 * RATE)) if parts else 0)
        parts += [gap, faded(sound)]
        length += len(gap) + len(sound)
    return np.concatenate(parts)[:int(max(seconds * RATE, len(parts[1])))]


def pink(rng, n):
    spectrum = np.fft.rfft(rng.standard_normal(n)) / np.sqrt(np.maximum(1, np.arange(n // 2 + 1)))
    return normalised(np.fft.irfft(spectrum, n))


def build(rng, sounds):
    labels = sorted(sounds)
    asked = [labels[i] for i in rng.permutation(len(labels))]
    present, absent, strangers = asked[:CLASSES], asked[CLASSES], asked[CLASSES + 1:]
    x = pink(rng, SECONDS * RATE) * 10 ** (rng.uniform(-45, -25) / 20)
    truth, at, last = [], int(rng.uniform(.3, 1.5) * RATE), None
    while True:
        label = strangers[rng.integers(len(strangers))] if rng.random() < .25 else present[rng.integers(CLASSES)]
        if label == last:
            continue
        y = faded(block(rng, sounds[label], np.exp(rng.uniform(np.log(.4), np.log(8)))))
        if at + len(y) > len(x) - RATE // 2:
            break
        x[at:at + len(y)] += y * 10 ** (rng.uniform(-9, 3) / 20)
        if label in present:
            truth.append(dict(label=label, start=at / RATE, end=(at + len(y)) / RATE))
        at += len(y) + (0 if rng.random() < .5 else int(rng.uniform(.3, 2) * RATE))
        last = label
    return x, present + [absent], truth


def levels(x, frames):
    parts = np.pad(x, (0, frames * FRAME - len(x))).reshape(-1, PART)
    with np.errstate(divide='ignore'):
        return 10 * np.log10((parts ** 2).mean(1))


def main():
    reference, model, clips, validation, out = sys.argv[1:6]
    ev, out = load_module(reference), pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    rows = csv.DictReader(open(pathlib.Path(__file__).with_name('synonyms.tsv')), delimiter='\t')
    wordings = {r['label']: [r['label'], *r['also asked for as'].split('; ')] for r in rows}
    pocket, sounds = ev.Pocket(model), collect(pathlib.Path(clips), pathlib.Path(validation))
    labels = sorted(label for label in sounds if sum(map(len, sounds[label])) > .5 * RATE)
    labels = [labels[i] for i in np.random.default_rng(4).permutation(len(labels))]
    tracks = []

    def cache(file, half, x, classes, truth):
        text, bias = pocket.prompts([wording for label in classes for wording in wordings[label]])
        logits, _ = pocket.logits(ev.log_mel(x), text, bias)
        logits.T.astype('<f4').tofile(file)
        levels(x, len(logits)).astype('<f4').tofile(file)
        tracks.append(dict(half=half, seconds=len(x) / RATE, frames=len(logits), classes=classes, truth=truth))

    with open(out / 'tracks.f32', 'wb') as file:
        for half, own in (('choose', labels[::2]), ('report', labels[1::2])):
            for n in range(TRACKS):
                cache(file, half, *build(np.random.default_rng([n, half == 'report']), {label: sounds[label] for label in own}))
            print(half, len(own), 'labels:', ', '.join(sorted(own)), file=sys.stderr)
        for n, (name, truth) in enumerate(sorted(read_truth(pathlib.Path(validation)).items())):
            present = sorted({event['label'] for event in truth})
            absent = [label for label in sorted(labels) if label not in present]
            classes = present + [absent[i] for i in np.random.default_rng(n).permutation(len(absent))[:2]]
            cache(file, 'natural', mono_32k(pathlib.Path(validation) / name), classes, truth)
    (out / 'tracks.json').write_text(json.dumps(tracks))


if __name__ == '__main__':
    main()
