import type { SplitPreset } from './split.js';

/** Ready-made classes; what is none of them is “other”. Wordings are those that the built-in model understands well. */
export const SPLIT_PRESETS: readonly SplitPreset[] = [
  {
    name: 'Speech and music',
    classes: [
      { label: 'speech', texts: ['speech', 'a person talking', 'conversation'] },
      { label: 'music', texts: ['music', 'a song', 'instrumental music'] },
    ],
  },
  {
    name: 'Everyday sounds',
    classes: [
      { label: 'speech', texts: ['speech', 'conversation'] },
      { label: 'music' },
      { label: 'dog', texts: ['dog bark'] },
      { label: 'vehicle', texts: ['car engine', 'traffic'] },
      { label: 'footsteps' },
      { label: 'door', texts: ['door', 'door slam'] },
      { label: 'telephone', texts: ['telephone ringing'] },
      { label: 'water', texts: ['water tap', 'running water'] },
    ],
  },
  {
    name: 'Dialogue editing',
    classes: [
      { label: 'speech', texts: ['speech', 'a person talking'] },
      { label: 'breath', texts: ['breathing', 'sigh'] },
      { label: 'click', texts: ['clicking', 'mouth click'] },
      { label: 'silence', texts: [], silence: true },
    ],
  },
  {
    name: 'Field recording',
    classes: [
      { label: 'birds', texts: ['birds', 'bird song'] },
      { label: 'insects', texts: ['insects', 'crickets'] },
      { label: 'wind' },
      { label: 'water', texts: ['stream', 'sea waves', 'rain'] },
      { label: 'traffic', texts: ['traffic', 'car engine', 'airplane'] },
      { label: 'voices', texts: ['speech', 'conversation'] },
    ],
  },
];
