"""Golden mel filterbanks: librosa's (triangles in Hz, scales 'slaney' and 'htk') and, for the 'kaldi' scale with triangles in mel,
transformers', which is tested there against Kaldi's features.

Usage: make.py            (pip install librosa transformers)
Output: filterbanks.json, for each case the sum and the non-zero weights of some bands.
"""
import json
from pathlib import Path

import librosa
import numpy as np
from transformers.audio_utils import mel_filter_bank

CASES = [
    dict(sampleRate=48000, fftSize=1024, bands=64, lowFrequency=50, highFrequency=14000, scale='slaney', norm='slaney', slopes='hertz'),
    dict(sampleRate=22050, fftSize=2048, bands=128, lowFrequency=0, highFrequency=11025, scale='slaney', norm='none', slopes='hertz'),
    dict(sampleRate=48000, fftSize=1024, bands=64, lowFrequency=50, highFrequency=14000, scale='htk', norm='none', slopes='hertz'),
    dict(sampleRate=16000, fftSize=512, bands=40, lowFrequency=20, highFrequency=8000, scale='htk', norm='slaney', slopes='hertz'),
    dict(sampleRate=16000, fftSize=512, bands=80, lowFrequency=20, highFrequency=8000, scale='kaldi', norm='none', slopes='mel'),
    dict(sampleRate=32000, fftSize=1024, bands=128, lowFrequency=0, highFrequency=15000, scale='kaldi', norm='none', slopes='mel'),
]


def librosa_bank(case):
    """[bins, bands]"""
    return librosa.filters.mel(sr=case['sampleRate'], n_fft=case['fftSize'], n_mels=case['bands'], fmin=case['lowFrequency'],
                               fmax=case['highFrequency'], htk=case['scale'] == 'htk', norm=None if case['norm'] == 'none' else 'slaney',
                               dtype=np.float64).T


def transformers_bank(case):
    """[bins, bands]"""
    return mel_filter_bank(case['fftSize'] // 2 + 1, case['bands'], case['lowFrequency'], case['highFrequency'], case['sampleRate'],
                           mel_scale=case['scale'], triangularize_in_mel_space=True)


result = []
for case in CASES:
    bank = transformers_bank(case) if case['slopes'] == 'mel' else librosa_bank(case)
    last = case['bands'] - 1
    bands = {}
    for band in (0, 1, last // 3, last // 2, last - 1, last):
        bins = bank[:, band].nonzero()[0].tolist()
        bands[band] = dict(bins=bins, weights=[float(f'{bank[b, band]:.12g}') for b in bins])
    result.append(dict(options=case, total=float(f'{bank.sum():.12g}'), bands=bands))
(Path(__file__).parent / 'filterbanks.json').write_text(json.dumps(result) + '\n')
