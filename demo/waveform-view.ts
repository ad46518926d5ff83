import WaveSurfer from 'wavesurfer.js';
import Spectrogram from 'wavesurfer.js/plugins/spectrogram';
import type { WaveformData } from './waveform-data.js';

/** Pixels per second at the deepest zoom. */
const MAX_ZOOM = 1000;
/** The wheel turns by 100 for a notch; two notches double the zoom. */
const WHEEL_PER_DOUBLING = 200;
/** The spectrogram shows up to 12 kHz. */
const SPECTROGRAM_SAMPLE_RATE = 24_000;
/** The spectrogram needs all samples at once, 6 MB a minute and channel. */
const SPECTROGRAM_MAX_SECONDS = 10 * 60;
/** Filling in a waveform, nobody can follow more than this, and on long recordings each drawing takes a while. */
const REDRAW_MILLISECONDS = 400;

/** The colour that a custom property stands for at this moment, light or dark. */
function resolvedColor(property: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function themeColors() {
  return {
    waveColor: resolvedColor('--wave'),
    progressColor: resolvedColor('--wave-played'),
    cursorColor: resolvedColor('--playhead'),
  };
}

/** A wavesurfer.js waveform that follows the page's theme, zooms with Ctrl + wheel and can show a spectrogram. */
export class WaveformView {
  readonly wavesurfer: WaveSurfer;
  #recording: Blob | null = null;
  #data: WaveformData | null = null;
  #spectrogram: Spectrogram | null = null;
  #drawnAt = 0;

  constructor(container: HTMLElement) {
    this.wavesurfer = WaveSurfer.create({
      container,
      height: 110,
      cursorWidth: 1,
      barWidth: 1,
      barGap: 1,
      hideScrollbar: false,
      cspNonce: 'wavesurfer',
      ...themeColors(),
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
      this.wavesurfer.setOptions(themeColors()),
    );
    container.addEventListener('wheel', (event) => this.#zoomByWheel(container, event), { passive: false });
  }

  /** Shows another recording from its beginning, fitted into the view. */
  async show(recording: Blob, data: WaveformData): Promise<void> {
    this.hideSpectrogram();
    this.#recording = recording;
    this.#data = data;
    this.#drawnAt = performance.now();
    this.wavesurfer.setOptions({ minPxPerSec: 0 });
    await this.wavesurfer.loadBlob(recording, data.peaks, data.duration);
  }

  /** Draws again after the data of the shown recording has changed; `last` is never put off. */
  refresh(data: WaveformData, last: boolean): void {
    const now = performance.now();
    if (data !== this.#data || this.#spectrogram !== null) return;
    if (!last && now - this.#drawnAt < REDRAW_MILLISECONDS) return;
    this.#drawnAt = now;
    this.wavesurfer.setOptions({ peaks: data.peaks, duration: data.duration });
  }

  get canShowSpectrogram(): boolean {
    return this.#data !== null && this.#data.duration <= SPECTROGRAM_MAX_SECONDS;
  }

  /** Shows the spectrogram below the waveform; its samples are decoded the first time it is asked for. */
  async showSpectrogram(): Promise<void> {
    if (this.#recording === null || this.#spectrogram !== null) return;
    const recording = this.#recording;
    const context = new OfflineAudioContext(1, 1, SPECTROGRAM_SAMPLE_RATE);
    const buffer = await context.decodeAudioData(await recording.arrayBuffer());
    if (recording !== this.#recording) return;
    const samples = Array.from({ length: Math.min(2, buffer.numberOfChannels) }, (_, c) => buffer.getChannelData(c));
    this.wavesurfer.setOptions({ peaks: samples, duration: buffer.duration });
    this.#spectrogram = this.wavesurfer.registerPlugin(
      Spectrogram.create({
        height: 128,
        fftSamples: 1024,
        scale: 'mel',
        frequencyMax: SPECTROGRAM_SAMPLE_RATE / 2,
        colorMap: 'roseus',
        labels: false,
      }),
    );
  }

  hideSpectrogram(): void {
    if (this.#spectrogram === null) return;
    this.wavesurfer.unregisterPlugin(this.#spectrogram);
    this.#spectrogram = null;
    if (this.#data !== null) this.refresh(this.#data, true);
  }

  #zoomByWheel(container: HTMLElement, event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const duration = this.wavesurfer.getDuration();
    const width = this.wavesurfer.getWidth();
    if (duration === 0 || width === 0 || this.#data === null) return;
    const fitted = width / duration;
    const before = Math.max(fitted, this.wavesurfer.options.minPxPerSec);
    const wanted = before * 2 ** (-event.deltaY / WHEEL_PER_DOUBLING);
    const after = Math.min(Math.max(fitted, MAX_ZOOM), Math.max(fitted, wanted));
    const pointer = event.clientX - container.getBoundingClientRect().left;
    const timeAtPointer = (this.wavesurfer.getScroll() + pointer) / before;
    this.wavesurfer.zoom(after);
    this.wavesurfer.setScroll(timeAtPointer * after - pointer);
  }
}
