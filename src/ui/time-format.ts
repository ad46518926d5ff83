import type { Seconds } from '../dsp/units.js';

/** `0:11.420`, `1:02:03`: minutes always, hours when there are any, `decimals` (0…3) after the seconds. */
export function formatTime(time: Seconds, decimals = 3): string {
  const scale = 10 ** decimals;
  // Rounded as a whole, so that 59.9996 s is 1:00.000 and not 0:60.000.
  const units = Math.round(Math.max(0, time) * scale);
  const whole = Math.floor(units / scale);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const seconds = String(whole % 60).padStart(2, '0');
  const fraction = decimals > 0 ? `.${String(units % scale).padStart(decimals, '0')}` : '';
  const head = hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}` : String(minutes);
  return `${head}:${seconds}${fraction}`;
}

/** `0.48 s` up to a minute, `1:02.5` from there. */
export function formatLength(length: Seconds): string {
  return length < 59.995 ? `${Math.max(0, length).toFixed(2)} s` : formatTime(length, 1);
}

/** A score as the lists show it: `.87`, `1.0`. */
export function formatScore(score: number): string {
  const text = score.toFixed(2);
  return text.startsWith('0') ? text.slice(1) : '1.0';
}
