"""Makes metrics.json: random ground truths and detections with what established Python code says of them.

Usage: make.py          (pip install numpy scipy pandas sed_eval sed_scores_eval "setuptools<81" soundfile onnxruntime tokenizers)
  psds    sed_scores_eval, each box a stretch of constant score, no score between them
  counts  sed_eval by label: event based (200 ms, 20 %, optimal matching) and segment based (1 s)
  score   score() of the reference pipeline beside this script; it leaves backgrounds out of event F1, sed_eval does not.
          The onset error is kept only where a single matching is possible, or it would depend on the algorithm.
"""
import json, os
import dcase_util, numpy as np, pandas as pd, sed_eval
from sed_scores_eval import intersection_based
from sed_scores_eval.base_modules import statistics
from reference_pipeline import score

# pandas 3 hands out read-only columns, which the compiled function refuses
curves = statistics.onset_offset_curves
statistics.onset_offset_curves = lambda scores, times, candidates: curves(np.array(scores), np.array(times), candidates)

LABELS = ['bark', 'bell', 'rain', 'door']
SETTINGS = dict(psds1=dict(dtc_threshold=.7, gtc_threshold=.7, alpha_st=1), psds1NoPenalty=dict(dtc_threshold=.7, gtc_threshold=.7, alpha_st=0),
                psds2=dict(dtc_threshold=.1, gtc_threshold=.1, cttc_threshold=.3, alpha_ct=.5, alpha_st=1))
rng = np.random.default_rng(20240)


def spread(duration, count, longest):
    """non-touching spans [start, end], 10 ms raster, sorted"""
    spans, t = [], 0.
    for _ in range(count):
        a = t + .02 + rng.exponential(duration / (count + 1) * .6)
        b = a + .05 + rng.random() * longest
        if b >= duration:
            break
        spans.append([round(a, 2), round(b, 2)])
        t = b
    return spans


def detect(reference, duration, jitter, strays, confidences):
    """most of the reference, moved a little, and some strays; [start, end, confidence], non-touching; 3 ms beside the raster, so that no
    distance is exactly a collar, where sed_eval leaves the decision to the rounding of floating point"""
    wanted = [[max(0, a + rng.normal(0, jitter)), min(duration, b + rng.normal(0, jitter * 2))] for a, b in reference if rng.random() < .8] + spread(duration, strays, 3)
    boxes = []
    for a, b in sorted(wanted):
        a, b = round(max(.01, round(a, 2)) - .003, 3), round(round(b, 2) - .003, 3)
        if b - a > .04 and (not boxes or a > boxes[-1][1] + .015):
            boxes.append([a, b, round(float(np.clip(rng.normal(.6, .2), .01, .99)), confidences)])
    return boxes


def frame(found, duration):
    """score table on the 10 ms raster; -inf where there is no box"""
    edges = sorted({0., duration} | {t for boxes in found.values() for a, b, _ in boxes for t in (a, b)})
    columns = {l: np.full(len(edges) - 1, -np.inf) for l in found}
    for l, boxes in found.items():
        for a, b, c in boxes:
            columns[l][edges.index(a):edges.index(b)] = c
    return pd.DataFrame({'onset': edges[:-1], 'offset': edges[1:], **columns})


def unambiguous(recordings):
    for r in recordings:
        for l in LABELS:
            hit = np.array([[abs(a - c) <= .2 + 1e-6 and abs(b - d) <= max(.2, .2 * (b - a)) + 1e-6 for c, d, _ in r['found'][l]] for a, b in r['reference'][l]])
            if hit.size and (hit.sum(0).max() > 1 or hit.sum(1).max() > 1):
                return False
    return True


def by_label(recordings):
    """sed_eval's counts [true positives, false positives, false negatives] by label, events and segments"""
    event = sed_eval.sound_event.EventBasedMetrics(LABELS, t_collar=.2, percentage_of_length=.2, event_matching_type='optimal')
    segment = sed_eval.sound_event.SegmentBasedMetrics(LABELS, time_resolution=1.)
    for i, r in enumerate(recordings):
        rows = lambda key: [dict(filename=str(i), onset=s[0], offset=s[1], event_label=l) for l in LABELS for s in r[key][l]]
        reference, estimated = (dcase_util.containers.MetaDataContainer(rows(k)) for k in ('reference', 'found'))
        event.evaluate(reference, estimated)
        segment.evaluate(reference, estimated, evaluated_length_seconds=r['duration'])
    e, s = event.class_wise, segment.class_wise
    return {l: dict(events=[int(e[l]['Ntp']), int(e[l]['Nfp']), int(e[l]['Nfn'])], segments=[int(s[l]['Ntp']), int(s[l]['Nfp']), int(s[l]['Nfn'])]) for l in LABELS}


def main():
    cases = []
    for jitter, strays, count, confidences in ((.03, 1, 5, 2), (.1, 2, 6, 1), (.2, 1, 4, 2), (.3, 3, 8, 2), (.05, 0, 3, 1), (.12, 1, 9, 2)):
        recordings = []
        for duration in (float(round(d, 2)) for d in rng.uniform(10, 240, 3)):
            reference = {l: spread(duration, rng.integers(0, count), 4) or ([] if recordings else [[1, 2.5]]) for l in LABELS}
            if rng.random() < .4:
                reference['rain'] = [[.5, round(.95 * duration, 2)]]
            found = {l: detect(reference[l], duration, jitter, rng.integers(0, strays + 1), confidences) for l in LABELS}
            recordings.append(dict(duration=duration, reference=reference, found=found))
        names = [str(i) for i in range(len(recordings))]
        truth = {n: [(a, b, l) for l in LABELS for a, b in r['reference'][l]] for n, r in zip(names, recordings)}
        scores = {n: frame(r['found'], r['duration']) for n, r in zip(names, recordings)}
        durations = {n: r['duration'] for n, r in zip(names, recordings)}
        psds = {}
        for name, setting in SETTINGS.items():
            value, single, *_ = intersection_based.psds(scores, truth, durations, max_efpr=100, unit_of_time='hour', **setting)
            psds[name] = dict(value=float(value), perLabel={l: float(single[l]) for l in LABELS})
        flat = lambda key: {(n, l): [tuple(s[:2]) for s in r[key][l]] for n, r in zip(names, recordings) for l in LABELS}
        expected = score(flat('found'), {k: v for k, v in flat('reference').items() if v}, durations, LABELS)
        if not unambiguous(recordings):
            del expected['onsetErrorMs']
        cases.append(dict(recordings=recordings, psds=psds, score=expected, counts=by_label(recordings)))
    with open(os.path.join(os.path.dirname(__file__), 'metrics.json'), 'w') as f:
        f.write('{"labels":%s,"cases":[\n%s\n]}\n' % (json.dumps(LABELS), ',\n'.join(json.dumps(c, separators=(',', ':')) for c in cases)))


if __name__ == '__main__':
    main()
