"""What the reference pipeline makes of demo/media/demo.flac: the oracle for the engine's frames.

Usage, from the repository's root: test/golden/engine/make.py > test/golden/engine/reference-probabilities.json

"file": the recording as it is, resampled to 32 kHz by scipy.  "samples": its samples taken for 32 kHz ones, so that no
resampler stands between the two pipelines.
"""
import json, os, sys
import numpy as np, soundfile as sf
from scipy.signal import resample_poly

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../evaluation'))
from reference_pipeline import RATE, Pocket, log_mel

RECORDING = 'demo/media/demo.flac'
PROMPTS = ['dog bark', 'speech', 'thunder', 'music', 'footsteps']

model = Pocket('models/pocket')
text, bias = model.prompts(PROMPTS)
x, rate = sf.read(RECORDING)
g = np.gcd(RATE, rate)
result = dict(recording=RECORDING, prompts=PROMPTS)
for name, samples in (('samples', x), ('file', resample_poly(x, RATE // g, rate // g))):
    frame, _ = model.logits(log_mel(samples), text, bias)
    p = 1 / (1 + np.exp(-frame.astype(float)))
    result[name] = {prompt: [round(float(v), 5) for v in p[:, i]] for i, prompt in enumerate(PROMPTS)}
json.dump(result, sys.stdout, separators=(',', ':'))
