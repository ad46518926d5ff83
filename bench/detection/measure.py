"""What docs/detection.md reports: the chosen detection, what it was chosen among, and how sure that is.

Usage: measure.py EVALUATE.py VALIDATION.npz VALIDATION.tsv SOUNDSCAPES.npz SOUNDSCAPES.tsv LONG.npz
(the .npz from cache_logits.py and cache_long.py)
"""
import copy, csv, itertools, sys
from dataclasses import replace
import numpy as np
from scipy.ndimage import gaussian_filter1d, median_filter
from scipy.optimize import linear_sum_assignment
from cache_logits import load_module
from detection import FRAME, Options, calibrated, detect, presence

THRESHOLDS = np.round(np.arange(.26, .76, .04), 2)
LARGEST_FALSE_RATE = .35


class Recordings:
    def __init__(self, cache, tsv):
        z = np.load(cache)
        self.files, self.labels = list(map(str, z['files'])), list(map(str, z['prompts'][:int(z['labels'])]))
        self.prompts = list(map(str, z['prompts']))
        for field in ('frame', 'clip', 'level', 'seconds'):
            setattr(self, field, {f: z[f'{f}/{field}'] for f in self.files})
        self.truth = {}
        for r in csv.DictReader(open(tsv), delimiter='\t'):
            self.truth.setdefault((r['filename'], r['event_label']), []).append((float(r['onset']), float(r['offset'])))

    def boxes(self, o):
        return {(f, l): [(a, min(b, float(self.seconds[f])), c) for a, b, c in detect(self.frame[f][:, j], self.clip[f][:, j], self.level[f], o)[1]]
                for f in self.files for j, l in enumerate(self.labels)}

    def excerpts(self, seconds):
        """the same recordings cut into pieces"""
        n, out = int(round(seconds / FRAME)), copy.copy(self)
        out.files, out.frame, out.clip, out.level, out.seconds, out.truth = [], {}, {}, {}, {}, {}
        for f in self.files:
            parts = len(self.level[f]) // len(self.frame[f])
            for s in range(0, len(self.frame[f]) - n + 1, n):
                g = f'{f}@{s}'
                out.files.append(g)
                out.frame[g], out.clip[g], out.level[g], out.seconds[g] = self.frame[f][s:s + n], self.clip[f][s:s + n], self.level[f][s * parts:(s + n) * parts], n * FRAME
                for l in self.labels:
                    cut = [(max(0, a - s * FRAME), min(n * FRAME, b - s * FRAME)) for a, b in self.truth.get((f, l), [])]
                    if cut := [(a, b) for a, b in cut if b - a > .05]:
                        out.truth[g, l] = cut
        return out


class Metrics:
    """evaluate.py's metrics, from counts that can be summed over any choice of recordings"""
    def __init__(self, data, boxes):
        self.table = [[counts(data, boxes, f, t) for f in data.files] for t in THRESHOLDS]

    def at(self, threshold, chosen=None):
        rows = self.table[int(np.argmin(abs(THRESHOLDS - threshold)))]
        return total([rows[i] for i in (range(len(rows)) if chosen is None else chosen)])

    def at_false_rate(self, rate=LARGEST_FALSE_RATE, chosen=None):
        """event F1 and segment F1 where the false events per absent minute are `rate`, interpolated over the threshold"""
        points = np.array([self.at(t, chosen)[:3] for t in THRESHOLDS])
        order = np.argsort(points[:, 2])
        return tuple(np.interp(rate, points[order, 2], points[order, i]) for i in (0, 1))


def counts(data, boxes, f, threshold):
    """the counts behind evaluate.py's score() for one recording, and the onset errors; main() checks that they agree"""
    tp = fp = fn = stp = sfp = sfn = false = absent = 0
    length, errors = float(data.seconds[f]), []
    for l in data.labels:
        r, s = data.truth.get((f, l), []), [(a, b) for a, b, c in boxes[f, l] if c >= threshold]
        grid = np.zeros((2, int(np.ceil(length))), bool)
        for row, events in enumerate((r, s)):
            for a, b in events:
                grid[row, int(a):int(np.ceil(b))] = True
        stp, sfp, sfn = stp + (grid[0] & grid[1]).sum(), sfp + (~grid[0] & grid[1]).sum(), sfn + (grid[0] & ~grid[1]).sum()
        if not r:
            false, absent = false + len(s), absent + length / 60
        if any(b - a > .8 * length for a, b in r):
            continue
        n = 0
        if r and s:
            hit = np.array([[abs(a - c) <= .2 + 1e-6 and abs(b - d) <= max(.2, .2 * (b - a)) + 1e-6 for c, d in s] for a, b in r])
            i, j = linear_sum_assignment(~hit)
            errors += [abs(r[x][0] - s[y][0]) * 1000 for x, y in zip(i, j) if hit[x, y]]
            n = int(hit[i, j].sum())
        tp, fp, fn = tp + n, fp + len(s) - n, fn + len(r) - n
    return (tp, fp, fn, stp, sfp, sfn, false, absent), errors


def total(rows):
    t = np.sum([r[0] for r in rows], 0)
    errors = sum((r[1] for r in rows), [])
    return 2 * t[0] / max(1, 2 * t[0] + t[1] + t[2]), 2 * t[3] / max(1, 2 * t[3] + t[4] + t[5]), t[6] / max(1e-9, t[7]), float(np.median(errors)) if errors else np.nan


def line(name, m):
    d, r = m.at(.5), m.at_false_rate()
    print(f'| {name} | {d[0]:.3f} | {d[1]:.3f} | {d[2]:.3f} | {d[3]:.0f} | {r[0]:.3f} | {r[1]:.3f} |', flush=True)


CHANGE_POINTS = Options(changePoints=True, edgeHeight=.4, baselineWeight=.3)
PUBLISHED = replace(CHANGE_POINTS, baselineWeight=0, edgeHeight=0, onsetReach=0, peakWeight=0)


def variants():
    for x in (.1, .15, .2, .25):
        yield f'stretches of {x} or more', replace(Options(), lowest=x)
    o = CHANGE_POINTS
    yield 'as published: mean confidence, edges on the grid, no baseline', PUBLISHED
    yield '+ edges drawn in to the curve', replace(PUBLISHED, edgeHeight=.4)
    yield '+ edges on the level', replace(o, baselineWeight=0, peakWeight=0)
    yield '+ baseline', replace(o, peakWeight=0)
    yield 'change points as they were chosen (+ half the peak)', o
    for k in (0, .2, .4, .5):
        yield f'baseline weight {k}', replace(o, baselineWeight=k)
    yield 'baseline without upper limit', replace(o, baselineCap=99)
    for w in (0, .25, .75, 1):
        yield f'peak weight {w}', replace(o, peakWeight=w)
    for x in (.2, .3, .5, .6):
        yield f'edge height {x}', replace(o, edgeHeight=x)
    yield 'edges as the change points give them', replace(o, edgeHeight=0, onsetReach=0)
    yield '… drawn in to the curve', replace(o, onsetReach=0)
    yield '… on the level', replace(o, edgeHeight=0)
    for x in (0, 20, 80):
        yield f'onset distance cost {x} dB/s', replace(o, onsetDistanceCost=x)
    for x in (0, 20):
        yield f'offset distance cost {x} dB/s', replace(o, offsetDistanceCost=x)
    for x in (3, 10):
        yield f'level step {x} dB', replace(o, levelStep=x)
    for x in (.1, .2, .5):
        yield f'offset context {x} s', replace(o, offsetContext=x)
    for x in (.32, .48, .8, .96, 1.28):
        yield f'step filter {x} s', replace(o, stepFilter=x)
    for x in (1, 1.5, 3, 5):
        yield f'merge ratio {x}', replace(o, mergeRatio=x)
    yield 'median of 3', replace(o, smooth=lambda z: median_filter(z, 3, mode='nearest'))
    for x in (.4, .6, 1):
        yield f'Gaussian, sigma {x} frames', replace(o, smooth=lambda z, x=x: gaussian_filter1d(z, x, mode='nearest'))
    for x in (.1, .2, .3, .5):
        yield f'clip logit, share {x}', replace(o, clipWeight=x)
    for x in (.2, .5, 1):
        yield f'clip logit as a gate, slope {x}', replace(o, clipGate=x)


def uncertainty(metrics, n, seed=0):
    rng = np.random.default_rng(seed)
    base = metrics['as published: mean confidence, edges on the grid, no baseline']
    names = list(metrics)
    samples = [rng.integers(0, n, n) for _ in range(1000)]
    chosen = np.array([metrics['change points as they were chosen (+ half the peak)'].at(.5, s)[:3] for s in samples])
    plain = np.array([base.at(.5, s)[:3] for s in samples])
    q = np.quantile(chosen, [.05, .95], axis=0)
    print('bootstrap over tracks, 90 %%: event F1 %.3f-%.3f, segment F1 %.3f-%.3f, false %.3f-%.3f' % tuple(q.T.ravel()))
    print('chosen better than published in %s of the samples (event F1, segment F1, false rate)' % np.round([(chosen[:, 0] > plain[:, 0]).mean(), (chosen[:, 1] > plain[:, 1]).mean(), (chosen[:, 2] < plain[:, 2]).mean()], 3))
    rows, picks, order = [], {}, rng.permutation(n)
    for i in range(0, n, 2):
        rest = [j for j in range(n) if j not in order[i:i + 2]]
        best = max(names, key=lambda v: sum(metrics[v].at_false_rate(chosen=rest)))
        threshold = min((t for t in THRESHOLDS if metrics[best].at(t, rest)[2] <= LARGEST_FALSE_RATE), default=.74)
        rows += [metrics[best].table[list(THRESHOLDS).index(threshold)][j] for j in order[i:i + 2]]
        picks[best] = picks.get(best, 0) + 1
    print('variant and threshold chosen on 14 tracks, measured on the other 2: event F1 %.3f, segment F1 %.3f, false %.3f, onset %.0f ms' % total(rows), picks)


def baseline_table(data, backgrounds):
    without = copy.copy(data)
    without.labels = [l for l in data.labels if l != 'music']
    for name, o in (('no baseline', replace(Options(), baselineWeight=0)), ('without upper limit', replace(Options(), baselineCap=99)), ('chosen', Options())):
        everything = data.boxes(o)
        line(f'without the label "music", {name}', Metrics(without, {k: v for k, v in everything.items() if k[1] != 'music'}))
        line(f'tracks with backgrounds, {name}', Metrics(backgrounds, backgrounds.boxes(o)))


def presence_table(data, long_cache):
    z = np.load(long_cache)
    prompts, tracks = list(map(str, z['prompts'])), list(map(str, z['tracks']))
    holds = {(t, p) for t, p in zip(map(str, z['holds_track']), map(str, z['holds_prompt']))}
    one = lambda frame, level: presence(detect(frame, frame, level)[1], len(frame) * FRAME)
    top = lambda frame, level: max((c for _, _, c in detect(frame, frame, level)[1]), default=0)
    short = [(t in data.files and (t, p) in holds, top(z[f'{t}/frame'][:, j], z[f'{t}/level'])) for t in tracks if t in data.files for j, p in enumerate(prompts)]
    here, gone = [v for h, v in short if h], [v for h, v in short if not h]
    long_here, long_gone, long_top = [], [], []
    for j, p in enumerate(prompts):
        free = [t for t in tracks if (t, p) not in holds]
        joined = lambda ts: (np.concatenate([z[f'{t}/frame'][:, j] for t in ts]), np.concatenate([z[f'{t}/level'] for t in ts]))
        frame, level = joined(free)
        long_gone.append((one(frame, level), top(frame, level)))
        for t in tracks:
            if (t, p) in holds and t in data.files and p in data.labels:
                frame, level = joined(free + [t])
                long_here.append((one(frame, level), top(frame, level)))
    minutes = np.mean([sum(len(z[f'{t}/frame']) for t in tracks if (t, p) not in holds) for p in prompts]) * FRAME / 60
    rate = lambda xs: np.mean(np.array(xs) >= .5)
    print(f'30 s: {len(here)} present, {len(gone)} absent pairs: found {rate(here):.3f}, falsely found {rate(gone):.3f}')
    print(f'{minutes:.1f} min: {len(long_here)} present, {len(long_gone)} absent pairs: found {rate([a for a, _ in long_here]):.3f}, falsely found {rate([a for a, _ in long_gone]):.3f};'
          f' without the demand for length {rate([b for _, b in long_here]):.3f}, {rate([b for _, b in long_gone]):.3f}')
    frame, level = z['all/frame'], z['all/level']
    everywhere = [j for j, p in enumerate(prompts) if not any((t, p) in holds for t in tracks)]
    print(f'one recording of {len(frame) * FRAME / 60:.1f} min, analysed as a whole: falsely found {rate([one(frame[:, j], level) for j in everywhere]):.3f} of {len(everywhere)} absent prompts')
    strict = np.quantile([b for _, b in long_gone], 1 - rate(gone))
    print(f'as few false finds as in 30 s would need {np.log(strict / (1 - strict)) / np.log(minutes * 2):.2f} per e-fold of length and find {np.mean([b >= strict for _, b in long_here]):.3f}')


def contrast_table(data):
    """every label of a recording as the contrast of every other label"""
    o, false, mistaken, hits = Options(), np.zeros(2, int), np.zeros(2, int), np.zeros(2, int)
    for f in data.files:
        z = {l: calibrated(data.frame[f][:, j].astype(float), data.clip[f][:, j].astype(float), o) for j, l in enumerate(data.labels)}
        found = lambda logits: [b for b in detect(logits, logits, data.level[f], replace(o, baselineWeight=0))[1] if b[2] >= .5]
        here = [l for l in data.labels if (f, l) in data.truth]
        for target, contrast in itertools.product(data.labels, here):
            if target == contrast:
                continue
            for i, logits in enumerate((z[target], z[target] - np.log1p(np.exp(z[contrast])))):
                boxes = found(logits)
                if target in here:
                    hits[i] += len(boxes)
                else:
                    false[i] += len(boxes)
                    mistaken[i] += sum(any(a < d and c < b for c, d in data.truth[f, contrast]) for a, b, _ in boxes)
    print(f'contrast: false events of absent targets {false[0]} -> {false[1]}, of those on a sound of the contrast {mistaken[0]} -> {mistaken[1]}; hits of present targets {hits[0]} -> {hits[1]}')


def main():
    reference, validation, tsv, soundscapes, soundscapes_tsv, long_cache = sys.argv[1:7]
    data = Recordings(validation, tsv)
    print('| variant | event F1 | segment F1 | false events | onset ms | event F1 at .35 | segment F1 at .35 |\n| --- | --- | --- | --- | --- | --- | --- |')
    metrics = {}
    for name, o in variants():
        metrics[name] = Metrics(data, data.boxes(o))
        line(name, metrics[name])
    official = load_module(reference).score({k: [(a, b) for a, b, c in v if c >= .5] for k, v in data.boxes(Options()).items()}, data.truth, {f: float(data.seconds[f]) for f in data.files}, data.labels)
    print('evaluate.py says of the chosen:', official)
    uncertainty(metrics, len(data.files))
    for seconds in (4.8, 9.6, 14.4):
        cut = data.excerpts(seconds)
        for name, o in (('no baseline', replace(Options(), baselineWeight=0)), ('always all of it', replace(Options(), baselineSeconds=.01)), ('chosen', Options())):
            line(f'excerpts of {seconds} s, {name}', Metrics(cut, cut.boxes(o)))
    baseline_table(data, Recordings(soundscapes, soundscapes_tsv))
    presence_table(data, long_cache)
    contrast_table(data)


if __name__ == '__main__':
    main()
