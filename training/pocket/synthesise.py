"""Stage `synthesise`: labelled sounds that need no recordings: instruments, speech in many voices, signals."""

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

from . import midi
from .collection import SAMPLE_RATE, Writer
from .signals import SIGNALS

SEED = 0
OF_EACH_SIGNAL, OF_EACH_INSTRUMENT, BEATS = 20, 5, 10
UTTERANCES, WHISPERS, CONVERSATIONS, CROWDS = 150, 12, 14, 14
LONGEST_TUNE_S, CROWD_S = 6, 8
BEAT = "Drum kit|Drum|Percussion|Hi-hat:0.5|Snare drum:0.5|Bass drum:0.5|Music:0.6"

LANGUAGES = "en-us en-gb en-gb-scotland en-gb-x-rp de fr es it pt nl pl sv ru fi".split()
VARIANTS = ["", *(f"+{v}" for v in "m1 m3 m5 m7 f1 f2 f4 f5 klatt croak".split())]
SENTENCES = [
    *("the quick brown fox jumps over the lazy dog", "please leave a message after the tone", "your order is ready"),
    *("hello, how are you today", "the train on platform nine is delayed", "warning, low battery", "yes", "stop"),
    *("we should be home before it gets dark", "turn left at the next corner", "no, not like that", "go go go"),
    *("what time does the shop open tomorrow", "one two three four five six", "come here quickly", "all right"),
    *("there was an old man who lived by the sea", "this is the evening news", "building complete", "who is there"),
    *("thank you very much indeed", "can you pass me the salt", "once upon a time in a land far away", "attack"),
    *("what do you want", "press any key to continue", "I am on my way", "unit ready"),
]


def _say(voice: str, sentence: str, random) -> np.ndarray:
    """espeak-ng -> samples at 48 kHz."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        speed, pitch = str(random.integers(110, 210)), str(random.integers(20, 80))
        command = ["espeak-ng", "-v", voice, "-s", speed, "-p", pitch, "-w", file.name, sentence]
        subprocess.run(command, capture_output=True, check=True)
        x, rate = soundfile.read(file.name)
    common = np.gcd(SAMPLE_RATE, rate)
    return resample_poly(x, SAMPLE_RATE // common, rate // common)


def _speech(random):
    """-> (spec, samples) of single voices, whispers, conversations, crowds."""
    voice = lambda: random.choice(LANGUAGES) + random.choice(VARIANTS)
    anything = lambda: _say(voice(), random.choice(SENTENCES), random)
    for _ in range(UTTERANCES):
        speaker = voice()
        sex = "Female speech, woman speaking" if "+f" in speaker else "Male speech, man speaking"
        yield f"Speech synthesizer:0.6|Speech|{sex}:0.7", _say(speaker, random.choice(SENTENCES), random)
    for _ in range(WHISPERS):
        yield "Whispering", _say(random.choice(["en-us", "en-gb", "de"]) + "+whisper", random.choice(SENTENCES), random)
    for _ in range(CONVERSATIONS):
        turns = [np.pad(anything(), (0, int(random.uniform(0.05, 0.4) * SAMPLE_RATE))) for _ in range(4)]
        yield "Conversation|Speech", np.concatenate(turns)
    for _ in range(CROWDS):
        crowd = np.zeros(CROWD_S * SAMPLE_RATE)
        for _ in range(int(random.integers(12, 30))):
            one = anything()[: len(crowd)]
            start = int(random.integers(0, len(crowd) - len(one) + 1))
            crowd[start : start + len(one)] += one * random.uniform(0.3, 1)
        yield "Hubbub, speech noise, speech babble|Chatter|Crowd:0.7|Speech:0.5", crowd


def _instruments(file: Path, soundfont: Path, random):
    """-> (spec, samples) of tunes, drum strokes and beats."""
    longest = LONGEST_TUNE_S * SAMPLE_RATE
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        kind, number, spec = line.split("\t")
        if kind == "program":
            for i in range(OF_EACH_INSTRUMENT):
                notes = midi.tune(int(number), i == 1 and int(number) < 32, random)
                yield spec, midi.render(midi.midi_file(int(number), notes), soundfont)[:longest]
        else:
            for notes in ([(0, 240, int(number), 110)], midi.strokes(int(number), random)):
                yield spec, midi.render(midi.midi_file(0, notes, drums=True), soundfont)[:longest]
    for _ in range(BEATS):
        yield BEAT, midi.render(midi.midi_file(0, midi.beat(random), drums=True), soundfont)[:longest]


def _signals(random):
    for make, spec in SIGNALS.items():
        for _ in range(OF_EACH_SIGNAL):
            yield spec, make(random)


def synthesise(config) -> None:
    """The collection `synthetic`."""
    random = np.random.default_rng(SEED)
    makers = dict(
        instrument=_instruments(config.paths.packages.with_name("instruments.tsv"), config.paths.soundfont, random),
        signal=_signals(random),
        speech=_speech(random),
    )
    with Writer(config.paths.sounds("synthetic")) as writer:
        for kind, sounds in makers.items():
            for i, (spec, x) in enumerate(sounds):
                x = x / (np.abs(x).max() + 1e-9) * random.uniform(0.2, 0.9)
                writer.add("synthetic", f"{kind}/{i}", (x * 32000).astype(np.int16), spec=spec)
            print(f"{kind}: {i + 1} sounds", flush=True)
