"""What the reference pipeline makes of two recordings: the oracle for the engine's frames.

Usage, from the repository's root: test/golden/engine/make.py > test/golden/engine/reference-probabilities.json

"file": the recording as it is, resampled to 32 kHz by scipy.  "samples": its samples taken for 32 kHz ones, so that no
resampler stands between the two pipelines.  "short": the samples of a bark of .4 s in the same way, padded with silence
(-100 dB) to 2 s before the model as the model card asks, the padding's frames dropped after it.
"""
import json, os, sys
import numpy as np, soundfile as sf
from scipy.signal import resample_poly

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../evaluation'))
from raw_frames import raw_frames
from reference_pipeline import RATE, Pocket, log_mel

RECORDING, SHORT = 'demo/media/demo.flac', 'test/fixtures/clips/dog-bark-2.flac'
PROMPTS = ['dog bark', 'speech', 'thunder', 'music', 'footsteps']

model = Pocket('models/pocket')
model.audio = raw_frames('models/pocket')
text, bias = model.prompts(PROMPTS)
x, rate = sf.read(RECORDING)
g = np.gcd(RATE, rate)
short = log_mel(sf.read(SHORT)[0])
padded = np.concatenate([short, np.full((200 - len(short), short.shape[1]), -100, np.float32)])
result = dict(recording=RECORDING, shortRecording=SHORT, prompts=PROMPTS)
for name, db, frames in (
    ('samples', log_mel(x), None),
    ('file', log_mel(resample_poly(x, RATE // g, rate // g)), None),
    ('short', padded, -(-len(short) // 16)),
):
    frame, _ = model.logits(db, text, bias)
    p = 1 / (1 + np.exp(-frame[:frames].astype(float)))
    result[name] = {prompt: [round(float(v), 5) for v in p[:, i]] for i, prompt in enumerate(PROMPTS)}
json.dump(result, sys.stdout, separators=(',', ':'))
