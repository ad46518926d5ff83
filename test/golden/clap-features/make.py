"""Golden numbers of transformers' ClapFeatureExtractor with the hub models' parameters.

Usage: make.py            (pip install numpy soundfile transformers torch)
Input: the samples of ../pocket/golden.wav, read as if they were of 48 kHz: 2 s, repeated five times to exactly 10 s.
Output: preprocessor_config.json, as the hub models have it, and log-mel.json + log-mel.npy, some rows of the features.
"""
import json
from pathlib import Path

import numpy as np
import soundfile as sf
from transformers import ClapFeatureExtractor

here = Path(__file__).parent
extractor = ClapFeatureExtractor(feature_size=64, sampling_rate=48000, hop_length=480, max_length_s=10, fft_window_size=1024,
                                 frequency_min=50, frequency_max=14000, truncation='rand_trunc', padding='repeatpad')
config = {k: v for k, v in extractor.to_dict().items() if not k.startswith('mel_filters') and k != 'image_processor_type'}
(here / 'preprocessor_config.json').write_text(json.dumps(config, indent=1, sort_keys=True) + '\n')

clip, _ = sf.read(here.parent / 'pocket' / 'golden.wav')
features = extractor(np.tile(clip, 480000 // len(clip)), sampling_rate=48000)['input_features'][0][0]
assert features.shape == (1001, 64), features.shape
# The ends, where the padding shows; one whole repetition; the first frames of the next.
rows = [*range(0, 220), *range(990, 1001)]
np.save(here / 'log-mel.npy', features[rows].astype(np.float32))
(here / 'log-mel.json').write_text(json.dumps(dict(samples=480000, rows=rows, shape=features.shape)) + '\n')
