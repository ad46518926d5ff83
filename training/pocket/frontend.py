"""The front end: sound at 32 kHz -> log-mel in dB.

Hop 320, a symmetric Hann window of 800 centred in 1024 points, 128 triangles equally spaced on kaldi's mel scale from
0 to 15 kHz, pre-emphasis as a factor on the power spectrum. The same as the tagger's, and as the product's.
"""

import numpy as np
import torch

SAMPLE_RATE, FFT, WINDOW, HOP, MELS = 32000, 1024, 800, 320, 128
LOWEST_HZ, HIGHEST_HZ, PREEMPHASIS = 0.0, 15000.0, 0.97
FLOOR = 1e-10


def kaldi_mel(hz):
    return 1127.0 * np.log1p(np.asarray(hz, np.float64) / 700.0)


def mel_to_hz(mel):
    return 700.0 * np.expm1(np.asarray(mel, np.float64) / 1127.0)


def filterbank() -> np.ndarray:
    """[513, 128]: triangles, slopes linear in mel, without area norm, times |1 - 0.97 e^(-jw)|^2 of each bin."""
    edges = np.linspace(kaldi_mel(LOWEST_HZ), kaldi_mel(HIGHEST_HZ), MELS + 2)
    bins = np.arange(FFT // 2 + 1)
    mel = kaldi_mel(bins * SAMPLE_RATE / FFT)[:, None]
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    bank = np.maximum(0, np.minimum((mel - left) / (centre - left), (right - mel) / (right - centre)))
    bank[-1] = 0  # the tagger has no Nyquist bin
    angle = 2 * np.pi * bins / FFT
    return bank * (1 + PREEMPHASIS**2 - 2 * PREEMPHASIS * np.cos(angle))[:, None]


_BANK = torch.tensor(filterbank(), dtype=torch.float32)
_WINDOW = torch.hann_window(WINDOW, periodic=False)


def log_mel(samples) -> torch.Tensor:
    """samples [N] or [B, N] in -1..1 at 32 kHz -> dB [..., 1 + N // 320, 128]."""
    x = torch.as_tensor(samples, dtype=torch.float32)
    spectrum = torch.stft(x, FFT, HOP, WINDOW, _WINDOW, center=True, pad_mode="reflect", return_complex=True)
    power = (spectrum.real**2 + spectrum.imag**2).transpose(-1, -2) @ _BANK
    return 10 * torch.log10(torch.clamp(power, min=FLOOR))
