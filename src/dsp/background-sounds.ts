import { seededRandom } from './seeded-random.js';
import type { Hertz, Samples, Seconds } from './units.js';

/** What the background sounds are made at: the rate of CLAP; others are resampled as any recording is. */
export const BACKGROUND_RATE: Hertz = 48_000;
/** Length of one sound: what a short window of CLAP hears. Five of them fill a long one. */
const SOUND_SECONDS: Seconds = 2;
export const BACKGROUND_SOUND_LENGTH: Samples = SOUND_SECONDS * BACKGROUND_RATE;

/** One sample of a sound as a function of time; called for every sample in turn. */
type Voice = (time: Seconds) => number;

/** Makes a fresh voice; `noise` is white, −1…1, the same on every call. */
type Recipe = (noise: () => number) => Voice;

const TURN = 2 * Math.PI;

function sine(frequency: Hertz): Voice {
  return (time) => Math.sin(TURN * frequency * time);
}

/** Frequency gliding on a straight line. */
function glide(from: Hertz, to: Hertz, seconds: Seconds): Voice {
  return (time) => Math.sin(TURN * (from * time + ((to - from) * time * time) / (2 * seconds)));
}

/** All harmonics of a tone, the k-th of amplitude 1/k. */
function sawtooth(frequency: Hertz): Voice {
  return (time) => 2 * ((frequency * time) % 1) - 1;
}

/** Lets through what lies around a frequency: a resonator of two poles. */
function resonator(frequency: Hertz, bandwidth: Hertz, input: Voice): Voice {
  const radius = Math.exp((-Math.PI * bandwidth) / BACKGROUND_RATE);
  const first = 2 * radius * Math.cos((TURN * frequency) / BACKGROUND_RATE);
  const second = radius * radius;
  let last = 0;
  let beforeLast = 0;
  return (time) => {
    const value = (1 - radius) * input(time) + first * last - second * beforeLast;
    beforeLast = last;
    last = value;
    return value;
  };
}

/** Takes away what lies above a frequency: one pole. */
function lowPass(cutoff: Hertz, input: Voice): Voice {
  const share = 1 - Math.exp((-TURN * cutoff) / BACKGROUND_RATE);
  let state = 0;
  return (time) => (state += share * (input(time) - state));
}

function highPass(cutoff: Hertz, input: Voice): Voice {
  let value = 0;
  const low = lowPass(cutoff, () => value);
  return (time) => {
    value = input(time);
    return value - low(time);
  };
}

function sum(...voices: readonly Voice[]): Voice {
  return (time) => voices.reduce((total, voice) => total + voice(time), 0);
}

function scaled(gain: number, voice: Voice): Voice {
  return (time) => gain * voice(time);
}

/** Swells and fades `rate` times a second. */
function pulsing(rate: Hertz, voice: Voice): Voice {
  return (time) => voice(time) * (0.5 - 0.5 * Math.cos(TURN * rate * time)) ** 2;
}

/** Begins anew every `period`, and dies down. */
function struck(period: Seconds, decay: Seconds, voice: (sinceStruck: Seconds, time: Seconds) => number): Voice {
  return (time) => {
    const since = time % period;
    return Math.min(1, since / 0.002) * Math.exp(-since / decay) * voice(since, time);
  };
}

/** Single impulses at random times, `rate` a second on average. */
function impulses(rate: Hertz, noise: () => number): Voice {
  return () => (Math.abs(noise()) < rate / BACKGROUND_RATE ? noise() : 0);
}

/** Three formants of a voice. */
function vowel(pitch: Hertz, formants: readonly [Hertz, Hertz, Hertz]): Voice {
  const [first, second, third] = formants.map((frequency, i) => resonator(frequency, 80 + 40 * i, sawtooth(pitch)));
  return sum(first, second, scaled(0.5, third));
}

/** Notes one after another, each struck anew. */
function melody(period: Seconds, notes: readonly Hertz[]): Voice {
  const tones = notes.map((note) => lowPass(2 * note, sawtooth(note)));
  return struck(period, period / 2, (_since, time) => tones[Math.floor(time / period) % notes.length](time));
}

/** What rings on after a knock on metal. */
function metal(knock: Voice): Voice {
  return sum(...[523, 1187, 1733, 2611, 4127].map((mode) => resonator(mode, 2, knock)));
}

/** In fives that belong together: noise, weather, machines, hum and tones, impacts, animals and voices, music. */
const RECIPES: readonly Recipe[] = [
  (noise) => noise,
  (noise) => lowPass(200, noise),
  (noise) => lowPass(40, lowPass(300, noise)),
  (noise) => highPass(6000, noise),
  (noise) => sum(scaled(0.2, noise), scaled(2, lowPass(100, noise))),

  (noise) => pulsing(0.5, lowPass(400, noise)),
  (noise) => pulsing(0.5, resonator(600, 150, noise)),
  (noise) => highPass(2000, impulses(900, noise)),
  (noise) => sum(scaled(0.3, lowPass(5000, noise)), impulses(200, noise)),
  (noise) => pulsing(0.75, sum(scaled(0.5, noise), lowPass(500, noise))),

  (noise) => sum(lowPass(400, sawtooth(28)), scaled(0.5, lowPass(800, noise))),
  (noise) => sum(lowPass(300, sawtooth(75)), scaled(0.1, noise)),
  (noise) => sum(scaled(3, lowPass(600, noise)), scaled(0.3, lowPass(500, sawtooth(180)))),
  (noise) => pulsing(12, resonator(1800, 900, noise)),
  (noise) => sum(resonator(2900, 60, noise), resonator(4300, 90, noise)),

  () => lowPass(300, sawtooth(50)),
  () => sawtooth(60),
  () => sine(440),
  () => sine(3000),
  () => struck(0.5, 0.3, sine(1000)),

  (noise) => impulses(3, noise),
  (noise) => resonator(900, 300, impulses(12, noise)),
  (noise) => struck(0.5, 0.03, noise),
  () => struck(0.65, 0.08, sine(110)),
  () => metal((time) => (time % 0.7 < 0.001 ? 1 : 0)),

  () => struck(0.4, 0.1, glide(2500, 5200, 0.2)),
  () => struck(0.25, 0.06, glide(6800, 3900, 0.1)),
  () => pulsing(18, sine(4400)),
  () => pulsing(4, vowel(120, [700, 1200, 2500])),
  () => pulsing(3, vowel(210, [300, 2200, 3000])),

  (noise) => pulsing(4, lowPass(1000, highPass(150, noise))),
  (noise) => pulsing(5, sum(resonator(500, 120, noise), resonator(1500, 200, noise), resonator(2500, 300, noise))),
  () => sum(pulsing(3.1, vowel(105, [600, 1000, 2400])), pulsing(4.3, vowel(190, [400, 1900, 2700]))),
  () => vowel(330, [800, 1150, 2900]),
  () => struck(2, 1, glide(400, 1600, 2)),

  () => melody(0.25, [262, 330, 392, 523]),
  () => sum(lowPass(600, sawtooth(220)), lowPass(600, sawtooth(277)), lowPass(600, sawtooth(330))),
  (noise) => sum(struck(0.5, 0.12, sine(60)), scaled(0.4, struck(0.25, 0.03, noise))),
  () => melody(0.4, [98, 147, 131, 110]),
  () => melody(0.15, [880, 988, 1175, 1319, 1568]),
];

/** How many there are; {@link backgroundSound} knows these. */
export const BACKGROUND_SOUND_COUNT = RECIPES.length;

/** Levels that the sounds alternate between, as amplitude of the loudest sample: recordings are quiet and loud too. */
const PEAKS = [0.5, 0.05];

/**
 * One of the sounds that stand for "anything but what is looked for": noises, weather-like, machine-like and voice-like
 * sounds, hums, clicks, chirps, tones, patterns. They are made, not recorded, so nothing has to be shipped or licensed.
 *
 * @param index 0 … `BACKGROUND_SOUND_COUNT` − 1; the same index gives the same sound
 * @returns `[BACKGROUND_SOUND_LENGTH]`, mono, −1…1
 */
export function backgroundSound(index: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(index + 1);
  const voice = RECIPES[index](() => 2 * random() - 1);
  const samples = new Float32Array(BACKGROUND_SOUND_LENGTH);
  let peak = 0;
  for (let i = 0; i < samples.length; i += 1) {
    samples[i] = voice(i / BACKGROUND_RATE);
    peak = Math.max(peak, Math.abs(samples[i]));
  }
  const gain = PEAKS[index % PEAKS.length] / peak;
  return samples.map((value) => value * gain);
}
