"""Holds the engine's frame probabilities against the reference pipeline's.

  compare.py resample AUDIO_DIR OUT_DIR
      writes every recording as 32 kHz mono float WAV, resampled as the reference pipeline does: both then start from the same samples
  compare.py compare MODEL_DIR AUDIO_DIR PROBABILITIES.json
      PROBABILITIES.json comes from: npm run evaluate -- --audio AUDIO_DIR --truth TRUTH.tsv --probabilities PROBABILITIES.json
                                                            (pip install numpy scipy soundfile onnx onnxruntime tokenizers)
"""
import json, os, sys
import numpy as np, soundfile as sf
from scipy.signal import resample_poly

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../../test/golden/evaluation'))
from raw_frames import raw_frames
from reference_pipeline import RATE, Pocket, log_mel


def read_32k(path):
    x, rate = sf.read(path, always_2d=True)
    divisor = np.gcd(RATE, rate)
    return resample_poly(x.mean(1), RATE // divisor, rate // divisor)


def resample(audio, out):
    os.makedirs(out, exist_ok=True)
    for name in sorted(os.listdir(audio)):
        if os.path.splitext(name)[1] in ('.flac', '.wav', '.ogg'):
            # The same file name, whatever is inside, so that one truth file serves both folders.
            sf.write(os.path.join(out, name), read_32k(os.path.join(audio, name)).astype(np.float32), RATE, format='WAV', subtype='FLOAT')


def compare(model_folder, audio, probabilities):
    engine = json.load(open(probabilities))
    model = Pocket(model_folder)
    model.audio = raw_frames(model_folder)
    labels = sorted(next(iter(engine.values()))['values'])
    text, bias = model.prompts(labels)
    differences = []
    for name, heard in engine.items():
        logits, _ = model.logits(log_mel(read_32k(os.path.join(audio, name))), text, bias)
        ours = np.array([heard['values'][label] for label in labels]).T
        if len(ours) != len(logits):
            print(f'{name}: {len(ours)} frames, the reference has {len(logits)}')
        n = min(len(ours), len(logits))
        differences.append(np.abs(ours[:n] - 1 / (1 + np.exp(-logits[:n]))).ravel())
    d = np.concatenate(differences)
    print(f'{len(engine)} recordings, {len(labels)} prompts, {d.size} probabilities')
    print(f'largest difference {d.max():.2e}, 99.9 % {np.quantile(d, .999):.2e}, 99 % {np.quantile(d, .99):.2e}, median {np.median(d):.2e}')
    print(f'within .001: {(d <= .001).mean():.4%}, within .02: {(d <= .02).mean():.4%}')


if __name__ == '__main__':
    if len(sys.argv) < 4 or sys.argv[1] not in ('resample', 'compare'):
        sys.exit(__doc__)
    (resample if sys.argv[1] == 'resample' else compare)(*sys.argv[2:])
