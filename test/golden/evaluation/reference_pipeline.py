"""Reference pipeline and metrics for Pocket: what the TypeScript engine must at least reach on the same files.

Usage: reference_pipeline.py MODEL_DIR AUDIO_DIR TRUTH.tsv [OUT.json]          (pip install numpy scipy soundfile onnxruntime tokenizers)
Every label of TRUTH is asked of every recording.  Plain decoding: frames with probability >= theta, runs of them are events.
Metrics, micro-averaged over all (recording, label):
  event F1      onset within 200 ms, offset within max(200 ms, 20 % of the length); best one-to-one matching; labels that span more than
                80 % of their recording (backgrounds) are left out of reference and result
  segment F1    1 s segments, floor(onset) .. ceil(offset)
  false events per minute   events of a label that the recording does not contain, per absent label and minute
  onset error   median |onset difference| of matched events, ms
"""
import csv, json, sys
import numpy as np, onnxruntime as ort, soundfile as sf
from scipy.ndimage import median_filter
from scipy.optimize import linear_sum_assignment
from scipy.signal import resample_poly
from tokenizers import Tokenizer

RATE, HOP, N_FFT, WIN_LENGTH, MELS, FRAME = 32000, 320, 1024, 800, 128, 16


def filterbank():
    """Kaldi mel triangles 0..15 kHz x the preemphasis factor; [513, 128]"""
    mel = lambda hz: 1127 * np.log(1 + np.asarray(hz, float) / 700)
    edges = np.linspace(mel(0), mel(15000), MELS + 2)
    m = mel(np.arange(N_FFT // 2 + 1) * RATE / N_FFT)[:, None]
    bank = np.maximum(0, np.minimum((m - edges[:-2]) / (edges[1:-1] - edges[:-2]), (edges[2:] - m) / (edges[2:] - edges[1:-1])))
    bank[-1] = 0
    return bank * (1 + .97 ** 2 - 2 * .97 * np.cos(2 * np.pi * np.arange(N_FFT // 2 + 1) / N_FFT))[:, None]


BANK = filterbank()
WINDOW = np.zeros(N_FFT)
WINDOW[(N_FFT - WIN_LENGTH) // 2:(N_FFT + WIN_LENGTH) // 2] = np.hanning(WIN_LENGTH)


def log_mel(x):
    """mono 32 kHz -> dB [T,128], hop 10 ms, centred"""
    x = np.pad(x, N_FFT // 2, mode='reflect')
    n = 1 + (len(x) - N_FFT) // HOP
    out = []
    for o in range(0, n, 2000):
        frames = x[np.arange(o, min(n, o + 2000))[:, None] * HOP + np.arange(N_FFT)]
        out.append((np.abs(np.fft.rfft(frames * WINDOW)) ** 2) @ BANK)
    return (10 * np.log10(np.maximum(1e-10, np.concatenate(out)))).astype(np.float32)


class Pocket:
    def __init__(self, folder):
        self.scale = json.load(open(folder + '/config.json'))['logit_scale']
        self.tokenizer = Tokenizer.from_file(folder + '/tokenizer.json')
        self.audio, self.text = (ort.InferenceSession(f'{folder}/onnx/{n}_model.onnx') for n in ('audio', 'text'))

    def prompts(self, texts):
        """-> text embeddings [P,D], biases [P]"""
        rows = [self.text.run(None, dict(input_ids=np.array([i], np.int64), attention_mask=np.ones((1, len(i)), np.int64))) for i in (self.tokenizer.encode(t).ids for t in texts)]
        return np.concatenate([r[0] for r in rows]), np.concatenate([r[1] for r in rows])

    def logits(self, db, text, bias, window=1008):
        """log-mel [T,128] -> frame logits and clip logits spread over frames, both [ceil(T/16), P]; 10 s windows, half overlapping, middle halves kept"""
        n = -(-len(db) // FRAME)
        frame, clip, weight = np.zeros((n, len(text)), np.float32), np.zeros((n, len(text)), np.float32), np.zeros((n, 1), np.float32)
        step, o = window // FRAME // 2 * FRAME, 0
        while True:
            c, f = self.audio.run(None, {'input_features': db[o:o + window][None, None]})
            first, k = (0 if o == 0 else window // FRAME // 4), f.shape[1]
            frame[o // FRAME + first:o // FRAME + k] = self.scale * f[0, first:] @ text.T + bias
            taper = (1.05 - np.abs((np.arange(k) + .5) / k * 2 - 1))[:, None]
            clip[o // FRAME:o // FRAME + k] += taper * (self.scale * c[0] @ text.T + bias)
            weight[o // FRAME:o // FRAME + k] += taper
            if o + window >= len(db):
                return frame, clip / weight
            o += step


def runs(on):
    d = np.diff(np.pad(on.astype(int), 1))
    return [(a * .16, b * .16) for a, b in zip(np.flatnonzero(d == 1), np.flatnonzero(d == -1))]


def score(found, truth, seconds, labels):
    """found, truth: {(file, label): [(on, off)]}"""
    tp = fp = fn = stp = sfp = sfn = false = absent = 0
    errors = []
    for file, length in seconds.items():
        for label in labels:
            r, s = truth.get((file, label), []), found.get((file, label), [])
            grid = np.zeros((2, int(np.ceil(length))), bool)
            for row, events in enumerate((r, s)):
                for a, b in events:
                    grid[row, int(a):int(np.ceil(b))] = True
            stp += (grid[0] & grid[1]).sum(); sfp += (~grid[0] & grid[1]).sum(); sfn += (grid[0] & ~grid[1]).sum()
            if not r:
                false += len(s); absent += length / 60
            if any(b - a > .8 * length for a, b in r):
                continue
            if r and s:
                hit = np.array([[abs(a - c) <= .2 + 1e-6 and abs(b - d) <= max(.2, .2 * (b - a)) + 1e-6 for c, d in s] for a, b in r])
                i, j = linear_sum_assignment(~hit)
                errors += [abs(r[x][0] - s[y][0]) * 1000 for x, y in zip(i, j) if hit[x, y]]
                n = int(hit[i, j].sum())
            else:
                n = 0
            tp += n; fp += len(s) - n; fn += len(r) - n
    f = lambda t, p, n: round(float(2 * t / max(1, 2 * t + p + n)), 4)
    return dict(eventF1=f(tp, fp, fn), segmentF1=f(stp, sfp, sfn), segmentPrecision=round(float(stp / max(1, stp + sfp)), 4), segmentRecall=round(float(stp / max(1, stp + sfn)), 4),
                falseEventsPerAbsentMinute=round(false / max(1e-9, absent), 4), onsetErrorMs=round(float(np.median(errors)), 1) if errors else None)


def main():
    model, audio, tsv = sys.argv[1:4]
    truth = {}
    for r in csv.DictReader(open(tsv), delimiter='\t'):
        truth.setdefault((r['filename'], r['event_label']), []).append((float(r['onset']), float(r['offset'])))
    labels, files = sorted({k[1] for k in truth}), sorted({k[0] for k in truth})
    m = Pocket(model)
    text, bias = m.prompts([l.replace('_', ' ') for l in labels])
    seconds, logits = {}, {}
    for f in files:
        x, fs = sf.read(f'{audio}/{f}', always_2d=True)
        seconds[f] = len(x) / fs
        g = np.gcd(RATE, fs)
        logits[f] = m.logits(log_mel(resample_poly(x.mean(1), RATE // g, fs // g)), text, bias)
    result = {}
    for name, mix, median in (('frames', 0, 1), ('frames, median 3', 0, 3), ('two scales, median 3', .5, 3)):
        for theta in (.3, .4, .5, .6, .7, .8):
            found = {}
            for f, (frame, clip) in logits.items():
                z = (1 - mix) * median_filter(frame, (median, 1)) + mix * clip
                for j, l in enumerate(labels):
                    found[f, l] = runs(z[:, j] >= np.log(theta / (1 - theta)))
            result[f'{name}, theta {theta}'] = score(found, truth, seconds, labels)
    for k, v in result.items():
        print(f'{k:32}', v)
    if len(sys.argv) > 4:
        json.dump(result, open(sys.argv[4], 'w'), indent=1)


if __name__ == '__main__':
    main()
