// Writes the background sounds for calibration.py: raw float32, mono, 48 kHz. `node scripts/run.mjs bench/detection/write-background.ts OUT.f32`
import { writeFileSync } from 'node:fs';
import { BACKGROUND_SOUND_COUNT, backgroundSound } from '../../src/dsp/background-sounds.js';

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error('Say where to write them.');
const sounds = Array.from({ length: BACKGROUND_SOUND_COUNT }, (_, index) => Buffer.from(backgroundSound(index).buffer));
writeFileSync(out, Buffer.concat(sounds));
