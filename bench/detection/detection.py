"""Reference of src/detection in numpy, written from the same description (docs/detection.md): what detection was tuned with, and what
the TypeScript is compared with.  Positions are in frames unless a name says otherwise."""
from dataclasses import dataclass
import numpy as np

FRAME = .16  # seconds
STEPS = 4    # boundary positions tried per frame


@dataclass
class Options:
    """The names and defaults of src/detection/detection-options.ts, and the alternatives that were measured against them."""
    lowest: float = .2
    changePoints: bool = False    # segments by a step filter instead (cSEBB), with the next two
    stepFilter: float = .64
    mergeRatio: float = 2
    edgeHeight: float = 0         # share of its peak that a segment is drawn in to; 0: edges as they are
    usualLogit: float = -6.5
    baselineCap: float = -3
    baselineWeight: float = .15
    baselineSeconds: float = 20
    onsetReach: float = .3
    offsetReach: float = .4
    onsetContext: float = .1
    offsetContext: float = .3
    onsetDistanceCost: float = 40   # dB a second
    offsetDistanceCost: float = 10
    levelStep: float = 6
    silence: float = -80
    peakWeight: float = .5        # confidence = (1 - peakWeight) mean + peakWeight peak
    smooth: object = None         # logits [frames] -> logits, before everything else
    clipWeight: float = 0         # logit = (1 - clipWeight) frame + clipWeight clip
    clipGate: float = 0           # logit += clipGate * min(0, clip + 3)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def baseline_penalty(z, o):
    weight = o.baselineWeight * min(1, len(z) * FRAME / o.baselineSeconds)
    return weight * (np.clip(np.median(z), o.usualLogit, o.baselineCap) - o.usualLogit)


def calibrated(frame, clip, o):
    z = frame if o.smooth is None else o.smooth(frame)
    z = (1 - o.clipWeight) * z + o.clipWeight * clip + o.clipGate * np.minimum(0, clip + 3)
    return z - baseline_penalty(z, o)


def step_response(p, half):
    sums = np.concatenate([[0], np.cumsum(p)])
    n = len(p)

    def integral(x):
        return np.interp(np.clip(x, 0, n), np.arange(n + 1), sums) + np.minimum(x, 0) * p[0] + np.maximum(x - n, 0) * p[-1]
    x = np.arange(n * STEPS + 1) / STEPS
    d = (integral(x + half) - 2 * integral(x) + integral(x - half)) / half
    return np.where(np.abs(d) < 1e-9, 0, d)


def segments(p, o):
    if o.changePoints:
        return merged(p, change_point_segments(p, o), o)
    steps = np.diff(np.concatenate([[0], (p >= np.float32(o.lowest)).astype(int), [0]]))
    return list(zip(np.flatnonzero(steps == 1).astype(float), np.flatnonzero(steps == -1).astype(float)))


def change_point_segments(p, o):
    d = step_response(p, o.stepFilter / FRAME / 2)
    before, after = np.concatenate([[0], d[:-1]]), np.concatenate([d[1:], [0]])
    rise, fall = (d > 0) & (d > before) & (d >= after), (d < 0) & (d <= before) & (d < after)
    out, onset, undecided = [], None, True
    for n in np.flatnonzero(rise | fall):
        if rise[n]:
            onset = n / STEPS if onset is None else onset
        else:
            start = 0. if undecided else onset
            if start is not None and n > 0:
                out.append((start, n / STEPS))
            onset = None
        undecided = False
    if undecided:
        return [(0., float(len(p)))]
    return out + [(onset, float(len(p)))] if onset is not None and onset < len(p) else out


def touched(p, a, b):
    return p[int(a):max(int(a) + 1, int(np.ceil(b)))]


def merged(p, segs, o):
    out = segs[:1]
    for left, right in zip(segs, segs[1:]):
        gap = touched(p, left[1], right[0]).min() + 1e-3
        if all((touched(p, *s).max() + 1e-3) / gap < o.mergeRatio for s in (left, right)):
            out[-1] = (out[-1][0], right[1])
        else:
            out.append(right)
    return out


def mean_over(p, a, b):
    sums = np.concatenate([[0], np.cumsum(p)])
    at = np.interp([a, b], np.arange(len(sums)), sums)
    return (at[1] - at[0]) / (b - a)


def confidence(p, a, b, o):
    return (1 - o.peakWeight) * mean_over(p, a, b) + o.peakWeight * touched(p, a, b).max()


def drawn_in(p, a, b, o):
    """the segment from where the score first to where it last stands at edgeHeight of its peak, between frame centres"""
    first, end = int(a), min(len(p), max(int(a) + 1, int(np.ceil(b))))
    height = o.edgeHeight * p[first:end].max()
    high = first + np.flatnonzero(p[first:end] >= height)

    def crossing(below, above):
        if below < 0 or below >= len(p) or p[below] >= height:
            return None
        return below + .5 + (height - p[below]) / (p[above] - p[below]) * (above - below)
    rise, fall = crossing(high[0] - 1, high[0]), crossing(high[-1] + 1, high[-1])
    onset, offset = a if rise is None else max(a, rise), b if fall is None else min(b, fall)
    return (onset, offset) if onset < offset else (a, b)


def largest_step(sums, near, reach, context, cost, sign, low, high, o):
    """part boundary in [low, high], at most `reach` parts from `near`, where the level changes most, nearer changes counting more; `near` without a clear change"""
    first, last = max(low, near - reach, 1), min(high, near + reach, len(sums) - 2)
    best, position = -np.inf, near
    for i in range(first, last + 1):
        a, b = min(len(sums) - 1, i + context), max(0, i - context)
        step = sign * ((sums[a] - sums[i]) / (a - i) - (sums[i] - sums[b]) / (i - b))
        if step > o.levelStep and step - cost * abs(i - near) > best:
            best, position = step - cost * abs(i - near), i
    return position


def refined(level, segs, parts, o):
    """[(onset, offset)] in frames -> the same in parts of a frame, moved to where the level changes"""
    sums = np.concatenate([[0], np.cumsum(np.maximum(level.astype(np.float64), o.silence))])
    n = lambda seconds: int(np.floor(seconds / FRAME * parts + .5))
    out, previous = [], 0
    coarse = [(int(np.floor(a * parts + .5)), int(np.floor(b * parts + .5))) for a, b in segs]
    for x, (a, b) in enumerate(coarse):
        following = coarse[x + 1][0] if x + 1 < len(coarse) else len(level)
        middle = (a + b) // 2
        a = largest_step(sums, a, n(o.onsetReach), n(o.onsetContext), o.onsetDistanceCost * FRAME / parts, 1, previous, middle, o)
        b = largest_step(sums, b, n(o.offsetReach), n(o.offsetContext), o.offsetDistanceCost * FRAME / parts, -1, max(middle, a + 1), following, o)
        out.append((a, b))
        previous = b
    return out


def detect(frame, clip, level, o=Options()):
    """logits [frames], level [frames x parts] -> curve [frames], boxes [(start s, end s, confidence)]"""
    parts = len(level) // len(frame)
    p = sigmoid(calibrated(frame.astype(np.float64), clip.astype(np.float64), o)).astype(np.float32)
    p[level.reshape(-1, parts).max(1) < o.silence] = 0
    q = p.astype(np.float64)
    segs = segments(q, o)
    scores = [float(confidence(q, a, b, o)) for a, b in segs]
    inner = [drawn_in(q, a, b, o) for a, b in segs] if o.edgeHeight else segs
    edges = refined(level, inner, parts, o) if parts > 1 and o.onsetReach else [(a * parts, b * parts) for a, b in inner]
    return p, [(a * FRAME / parts, b * FRAME / parts, c) for (a, b), c in zip(edges, scores)]


def presence(boxes, seconds):
    top = max((c for _, _, c in boxes), default=0)
    if not 0 < top < 1:
        return top
    return float(sigmoid(np.log(top / (1 - top)) - .2 * np.log(max(1, seconds / 30))))
