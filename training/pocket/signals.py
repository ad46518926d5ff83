"""Alarms, bells, tones and noises made from formulas. Each function draws one sound: samples at 48 kHz."""

import numpy as np
from scipy.signal import butter, lfilter

from .collection import SAMPLE_RATE

NYQUIST = SAMPLE_RATE / 2


def time(seconds: float) -> np.ndarray:
    return np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def oscillator(hz, t, shape=0):
    """Sine, square or saw of a constant or changing frequency."""
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(hz, t.shape)) / SAMPLE_RATE
    if shape == 0:
        return np.sin(phase)
    return np.sign(np.sin(phase)) * 0.5 if shape == 1 else phase / np.pi % 2 - 1


def struck(t, attack, decay):
    return np.minimum(1, t / attack) * np.exp(-t / decay)


def faded(t, rate):
    return np.minimum(1, t * rate) * np.minimum(1, (t[-1] - t) * rate + 0.01)


def partials(t, base, table):
    """table: (ratio, level, decay in seconds)."""
    return sum(level * np.sin(2 * np.pi * base * ratio * t) * struck(t, 0.002, decay) for ratio, level, decay in table)


def band(noise, low, high):
    return lfilter(*butter(2, [low / NYQUIST, high / NYQUIST], "band"), noise)


def claps(r, count, seconds):
    """Short bursts of noise at random times: hands, or drops."""
    x = np.zeros(int(seconds * SAMPLE_RATE))
    for start in r.integers(0, len(x) - 3000, count):
        burst = r.normal(size=2400) * np.exp(-np.arange(2400) / r.uniform(80, 400))
        x[start : start + 2400] += band(burst, r.uniform(700, 1200), r.uniform(1800, 4500)) * r.uniform(0.2, 1)
    return x


def sequence(r, seconds, sounds):
    """sounds: (start in seconds, samples), mixed."""
    x = np.zeros(int(seconds * SAMPLE_RATE))
    for start, sound in sounds:
        at = int(start * SAMPLE_RATE)
        x[at : at + len(sound)] += sound[: max(0, len(x) - at)]
    return x


def shape(r):
    return int(r.integers(0, 3))


def length(r):
    return time(r.uniform(2, 6))


def sine(r):
    return np.sin(2 * np.pi * r.uniform(200, 3000) * length(r))


def wailing_siren(r):
    t, low, high = length(r), r.uniform(400, 700), r.uniform(900, 1600)
    return oscillator(low + (high - low) * (0.5 + 0.5 * np.sin(2 * np.pi * r.uniform(0.2, 3) * t)), t, shape(r))


def two_tone_siren(r):
    t = length(r)
    return oscillator(np.where(t * r.uniform(0.7, 1.6) % 1 < 0.5, 435, 580), t, shape(r))


def rising_siren(r):
    t = length(r)
    return oscillator(300 + 200 * (1 - np.cos(2 * np.pi * t / r.uniform(3, 6))), t, int(r.integers(1, 3)))


def beeps(r):
    t, period = length(r), r.uniform(0.15, 0.8)
    return oscillator(r.uniform(600, 3200), t, shape(r)) * (t % period < period / 2)


def smoke_alarm(r):
    t = length(r)
    return oscillator(r.uniform(2900, 3400), t, int(r.integers(0, 2))) * (t % 1.5 < 1.2) * (t % 0.5 < 0.3)


def alarm_clock(r):
    t = length(r)
    return oscillator(r.uniform(1800, 2300), t, 1) * (t % 1 < 0.55) * (t % 0.14 < 0.08)


def two_tone_alarm(r):
    t, period, low = length(r), r.uniform(0.25, 1.2), r.uniform(500, 1800)
    return oscillator(np.where(t % period < period / 2, low, low * r.uniform(1.1, 1.5)), t, shape(r))


def buzzing_alarm(r):
    t, period = length(r), r.uniform(0.25, 1.2)
    return oscillator(r.uniform(250, 700), t, 2) * (t % period < period * 0.6)


def car_alarm(r):
    t = length(r)
    return oscillator(r.uniform(700, 1200) * (1 + 0.6 * (t * r.uniform(2, 8) % 1)), t, shape(r))


def dialling(r):
    rows, columns, keys = [697, 770, 852, 941], [1209, 1336, 1477], []
    for i in range(int(r.integers(3, 9))):
        t = time(0.18)
        keys.append((i * 0.26, np.sin(2 * np.pi * r.choice(rows) * t) + np.sin(2 * np.pi * r.choice(columns) * t)))
    return sequence(r, 0.26 * len(keys), keys)


def dial_tone(r):
    t = length(r)
    return np.sin(2 * np.pi * 350 * t) + np.sin(2 * np.pi * 440 * t)


def busy_signal(r):
    t = length(r)
    return (np.sin(2 * np.pi * 480 * t) + np.sin(2 * np.pi * 620 * t)) * (t % 1 < 0.5)


def telephone_bell(r):
    t = length(r)
    ring = sum(np.sin(2 * np.pi * hz * t) / (i + 1) for i, hz in enumerate((1000, 1330, 2410, 3870)))
    return ring * (1 + 0.9 * np.sign(np.sin(2 * np.pi * 20 * t))) * (t % 3 < 1.6)


def buzzer(r):
    return oscillator(r.uniform(90, 240), time(r.uniform(0.4, 1.5)), 2)


def reversing(r):
    t = length(r)
    return oscillator(r.uniform(1000, 1400), t, 1) * (t % 1 < 0.5)


def white_noise(r):
    return r.normal(size=len(length(r)))


def pink_noise(r):
    """Paul Kellet's filter."""
    above, below = [0.049922, -0.095994, 0.050613, -0.004409], [1, -2.494956, 2.017266, -0.522189]
    return lfilter(above, below, white_noise(r))


def mains_hum(r):
    t, base = length(r), r.choice([50, 60])
    return sum(np.sin(2 * np.pi * base * h * t) * r.uniform(0, 1) / h for h in range(1, 12))


def chirp(r):
    t = length(r)
    return oscillator(np.linspace(r.uniform(200, 800), r.uniform(1500, 6000), len(t)), t)


def foghorn(r):
    t = time(3)
    return oscillator(r.uniform(80, 160), t, 2) * np.minimum(1, t * 5)


def ticking(r):
    tick = lambda: r.normal(size=600) * np.exp(-np.arange(600) / 60)
    return band(sequence(r, 4, [(i / 2, tick()) for i in range(int(r.integers(4, 9)))]), 1500, 5000)


def silence(r):
    return r.normal(size=3 * SAMPLE_RATE) * 1e-4


def church_bell(r):
    table = [(0.5, 0.7, 3), (1, 1, 2), (1.19, 0.6, 1.5), (1.5, 0.4, 1.2), (2, 0.8, 1), (2.51, 0.3, 0.7)]
    table += [(2.66, 0.3, 0.6), (3.01, 0.2, 0.5), (4.1, 0.2, 0.3)]
    detuned = [(ratio * (1 + r.normal() * 0.003), level, decay * r.uniform(0.6, 1.4)) for ratio, level, decay in table]
    return partials(length(r), r.uniform(180, 900), detuned)


def ding(r):
    return partials(length(r), r.uniform(1200, 4000), [(1, 1, 0.8), (2.76, 0.4, 0.3), (5.4, 0.2, 0.15)])


def bicycle_bell(r):
    base, gap = r.uniform(1800, 3600), r.uniform(0.08, 0.3)
    stroke = partials(time(0.7), base, [(1, 1, 0.2), (2.1, 0.5, 0.2)])
    return sequence(r, 3, [(i * gap, stroke) for i in range(int(r.integers(2, 7)))])


def doorbell(r):
    high, low = (partials(time(1), r.uniform(*hz), [(1, 1, 0.6)]) for hz in ((500, 900), (380, 600)))
    return np.concatenate([high, low])


def car_horn(r):
    t, base, tilt = time(r.uniform(0.3, 1.6)), r.uniform(320, 480), r.uniform(0.5, 1.2)
    tones = [np.sin(2 * np.pi * hz * m * t) / m**tilt for hz in (base, base * 1.25) for m in range(1, 9)]
    return sum(tones) * faded(t, 40)


def train_horn(r):
    t, base = time(r.uniform(1, 3)), r.uniform(220, 330)
    return sum(oscillator(base * ratio, t, 2) for ratio in (1, 1.19, 1.5, 1.68)) * faded(t, 10)


def whistling(r):
    t = time(r.uniform(0.5, 1.6))
    glide = 1 + r.uniform(-0.4, 0.6) * np.sin(np.pi * t / t[-1] * r.choice([0.5, 1, 2]))
    return (oscillator(r.uniform(900, 2500) * glide, t) + 0.02 * r.normal(size=len(t))) * faded(t, 20)


def pea_whistle(r):
    t = time(r.uniform(0.5, 1.2))
    trill = 200 * np.sign(np.sin(2 * np.pi * r.uniform(20, 45) * t))
    return (oscillator(r.uniform(2400, 3400) + trill, t) + 0.15 * r.normal(size=len(t))) * np.minimum(1, t * 50)


def applause(r):
    return claps(r, int(r.integers(300, 900)), 5)


def clapping(r):
    period = r.uniform(0.3, 0.7)
    return sequence(r, 4, [(i * period, claps(r, 1, 0.2)) for i in range(int(3.5 / period))])


def wind(r):
    t = time(8)
    gusts = np.interp(t, np.arange(9), r.uniform(0.15, 1, 9))
    return band(r.normal(size=len(t)), r.uniform(100, 300), r.uniform(500, 1200)) * gusts


def rain(r):
    hiss = lfilter(*butter(1, 1500 / NYQUIST, "high"), r.normal(size=8 * SAMPLE_RATE))
    return hiss * 0.1 + claps(r, int(r.integers(200, 900)), 8) * 0.2


def engine(r):
    t, hz = time(5), r.uniform(18, 60)
    turns = t * hz * (1 + 0.1 * np.interp(t, np.arange(6), r.normal(size=6)))
    return lfilter(*butter(2, r.uniform(300, 1200) / NYQUIST), np.exp(-(turns % 1) * 12) * r.normal(1, 0.5, len(t)))


def heartbeat(r):
    t, period = time(0.12), r.uniform(0.5, 0.9)
    thump = lambda: np.sin(2 * np.pi * r.uniform(45, 70) * t) * struck(t, 0.01, 0.04)
    pair = ((0, 1), (0.28, 0.7))
    beats = [(i * period + late, thump() * level) for i in range(int(4.5 / period)) for late, level in pair]
    return sequence(r, 5, beats)


SIGNALS = {
    sine: "Sine wave|Beep, bleep:0.3",
    wailing_siren: "Siren|Alarm:0.7|Emergency vehicle:0.7|Police car (siren):0.6|Ambulance (siren):0.5",
    two_tone_siren: "Siren|Alarm:0.7|Emergency vehicle:0.7|Ambulance (siren):0.6|Fire engine, fire truck (siren):0.6",
    rising_siren: "Civil defense siren|Siren|Alarm:0.6",
    beeps: "Beep, bleep|Alarm:0.5|Alarm clock:0.4",
    smoke_alarm: "Smoke detector, smoke alarm|Alarm|Beep, bleep:0.8|Fire alarm:0.7",
    alarm_clock: "Alarm clock|Alarm|Beep, bleep:0.9",
    two_tone_alarm: "Alarm|Siren:0.5|Beep, bleep:0.4",
    buzzing_alarm: "Alarm|Buzzer:0.6",
    car_alarm: "Car alarm|Alarm|Siren:0.5",
    dialling: "Telephone dialing, DTMF|Telephone|Beep, bleep:0.5",
    dial_tone: "Dial tone|Telephone|Hum:0.2",
    busy_signal: "Busy signal|Telephone|Beep, bleep:0.5",
    telephone_bell: "Telephone bell ringing|Telephone|Bell:0.4",
    buzzer: "Buzzer|Buzz:0.6|Alarm:0.3",
    reversing: "Reversing beeps|Beep, bleep|Truck:0.3",
    white_noise: "White noise|Noise|Static:0.7",
    pink_noise: "Pink noise|Noise",
    mains_hum: "Mains hum|Hum",
    chirp: "Chirp tone|Sound effect:0.4",
    foghorn: "Foghorn|Ship:0.5",
    ticking: "Tick-tock|Tick|Clock",
    silence: "Silence",
    church_bell: "Church bell|Bell",
    ding: "Ding|Bell:0.6|Chime:0.5",
    bicycle_bell: "Bicycle bell|Bell",
    doorbell: "Doorbell|Ding-dong|Bell:0.5",
    car_horn: "Vehicle horn, car horn, honking|Car:0.5",
    train_horn: "Train horn|Train|Air horn, truck horn:0.5",
    whistling: "Whistling",
    pea_whistle: "Whistle",
    applause: "Applause|Clapping:0.8|Crowd:0.5",
    clapping: "Clapping|Hands:0.5",
    wind: "Wind|Wind noise (microphone):0.3",
    rain: "Rain|Rain on surface:0.5|Water:0.4",
    engine: "Engine|Idling:0.6|Vehicle:0.5",
    heartbeat: "Heart sounds, heartbeat",
}
"""What each sounds like, in AudioSet's classes."""
