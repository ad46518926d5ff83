"""Makes detection.json: evidence in, boxes out, by the numpy reference in bench/detection/detection.py.

Usage: make_golden.py        (needs numpy)
The evidence is made up: slow noise with events of several lengths, and levels that rise and fall near them but not with them.
"""
import json, pathlib, sys
import numpy as np
here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here / '../../../bench/detection'))
from detection import Options, detect, presence

rng = np.random.default_rng(11)
cases = []
for frames, baseline, noise, parts, options in (
        (188, -6, 1.5, 8, {}), (188, -2, 1, 8, {}), (60, -5, 2, 8, {}), (300, -7, 2, 4, {'lowest': .3}), (12, 1, .5, 8, {}),
        (120, -5, 2, 1, {}), (120, -4, 2, 8, {'levelStep': 3, 'baselineWeight': 0, 'lowest': .05, 'silence': -60})):
    white = rng.normal(size=frames + 2)
    logits = baseline + noise * (white[:-2] + 2 * white[1:-1] + white[2:]) / 6 ** .5
    level = rng.normal(-55, 2, frames * parts)
    for _ in range(max(1, frames // 25)):
        length = int(rng.integers(1, 12))
        start = int(rng.integers(0, max(1, frames - length)))
        logits[start:start + length] += rng.uniform(4, 11)
        a, b = (int(np.clip((x + rng.normal(0, .5)) * parts, 0, frames * parts)) for x in (start, start + length))
        level[a:b] = rng.uniform(-40, -10) - np.linspace(0, rng.uniform(0, 25), max(0, b - a))
    level[-parts * 3:] = -np.inf
    logits, level = np.round(logits, 3).astype(np.float32), np.round(level, 1).astype(np.float32)
    o = Options(**options)
    curve, boxes = detect(logits, np.zeros(frames), level, o)
    cases.append(dict(options=options, partsPerFrame=parts, logits=[round(float(x), 3) for x in logits],
                      levels=[None if np.isinf(x) else round(float(x), 1) for x in level], curve=[round(float(x), 6) for x in curve],
                      boxes=[[round(a, 4), round(b, 4), round(c, 6)] for a, b, c in boxes], presence=round(presence(boxes, frames * .16), 6)))
    print(frames, len(boxes), [round(c, 2) for _, _, c in boxes])
json.dump(cases, open(here / 'detection.json', 'w'), separators=(',', ':'))
