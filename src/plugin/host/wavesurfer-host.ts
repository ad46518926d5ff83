import type WaveSurfer from 'wavesurfer.js';
import type WebAudioPlayer from 'wavesurfer.js/dist/webaudio.js';
import { Emitter } from '../events.js';
import { fileName } from './file-name.js';
import type { GainTarget, HostCapability, HostEvents, HostHistory, HostSource, TimelineHost } from './timeline-host.js';
import { WavesurferRegions } from './wavesurfer-regions.js';

/** Above the waveform and its progress (z 2); below regions and cursor (z 5), or above them too. */
const OVERLAY_Z = { 'below-regions': '3', top: '6' };

/** Where `scrollTo` puts the moment, as a share of the view. */
const SCROLL_MARGIN = 0.1;

/**
 * wavesurfer.js 8 as a timeline. Attach it any time, before audio is loaded too; both of its backends will do.
 *
 * Accepted regions go into the app's Regions plugin; if it has none, one is registered when the first region is
 * accepted.
 *
 * @param history the undo stack of the editor around it, of which Earmark's edits shall be entries
 */
export function wavesurferHost(ws: WaveSurfer, history?: HostHistory): TimelineHost {
  return new WavesurferHost(ws, history);
}

class WavesurferHost implements TimelineHost {
  readonly id = 'wavesurfer';
  readonly capabilities = new Set<HostCapability>(['overlay', 'zoom', 'regions', 'gain']);
  readonly history: HostHistory | undefined;
  readonly #ws: WaveSurfer;
  readonly #events = new Emitter<HostEvents>();
  readonly #releases: (() => void)[];
  readonly #regions: WavesurferRegions;
  /** What `loadBlob` was given: wavesurfer.js tells nobody, and its WebAudio backend has no element to fetch from. */
  #blob: Blob | null = null;
  /** What `loadBlob` is being given, until the load begins. */
  #nextBlob: Blob | null = null;
  /** Whether the recording of the last load can be had by now. */
  #loaded: boolean;

  constructor(ws: WaveSurfer, history: HostHistory | undefined) {
    this.#ws = ws;
    this.history = history;
    if (history) this.capabilities.add('history');
    const { loadPhase } = ws.getState();
    this.#loaded = loadPhase.value === 'decoding' || loadPhase.value === 'ready';
    this.#regions = new WavesurferRegions(ws, {
      onChange: (region) => this.#events.emit('regionchange', region),
      onSelect: (id) => this.#events.emit('regionselect', id),
    });
    const viewChanged = (): void => this.#events.emit('viewchange');
    const announce = (): void => this.#announce();
    this.#releases = [
      () => this.#regions.destroy(),
      this.#watchLoadBlob(),
      ws.on('load', () => this.#loadBegan()),
      // As soon as wavesurfer.js has the file, and before it decodes; another load in that phase changes no signal.
      loadPhase.subscribe((phase) => phase === 'decoding' && announce()),
      ws.on('decode', announce),
      ws.on('ready', announce),
      ws.on('error', announce),
      ws.on('timeupdate', (time) => this.#events.emit('timeupdate', time)),
      ws.on('play', () => this.#events.emit('playstate', true)),
      ws.on('pause', () => this.#events.emit('playstate', false)),
      ws.on('finish', () => this.#events.emit('playstate', false)),
      ws.on('scroll', viewChanged),
      ws.on('zoom', viewChanged),
      ws.on('redraw', viewChanged),
      ws.on('resize', viewChanged),
      ws.on('destroy', () => this.#events.emit('destroy')),
    ];
  }

  getSource(): HostSource | null {
    if (this.#blob) {
      return { data: this.#blob, name: this.#blob instanceof File ? this.#blob.name : 'Recording' };
    }
    if (!this.#loaded) return null;
    const url = this.#ws.getState().url.value;
    // What wavesurfer.js has fetched lies in memory; fetching it again could cost as much as the first time.
    const media = this.#ws.getMediaElement();
    const fetched = media instanceof HTMLMediaElement && media.src.startsWith('blob:') ? media.src : '';
    if (url === '' && fetched === '') return null;
    return {
      data: new URL(fetched || url, document.baseURI),
      name: fileName(new URL(url || fetched, document.baseURI)),
    };
  }

  getDuration(): number {
    return this.#ws.getDuration();
  }

  getTime(): number {
    return this.#ws.getCurrentTime();
  }

  seek(time: number): void {
    this.#ws.setTime(time);
  }

  play(start?: number, end?: number): Promise<void> {
    return this.#ws.play(start, end);
  }

  pause(): void {
    this.#ws.pause();
  }

  isPlaying(): boolean {
    return this.#ws.isPlaying();
  }

  getVisibleRange(): { start: number; end: number } {
    const { startTime, endTime } = this.#ws.getRenderer().getVisibleRange().value;
    return { start: startTime, end: endTime };
  }

  scrollTo(time: number): void {
    const { start, end } = this.getVisibleRange();
    if (time >= start && time < end) return;
    this.#ws.setScrollTime(Math.max(0, time - SCROLL_MARGIN * (end - start)));
  }

  setVisibleRange(start: number, end: number): void {
    // zoom() throws before anything is decoded.
    if (!this.#ws.getDecodedData() || !(end > start)) return;
    this.#ws.zoom(this.#ws.getWidth() / (end - start));
    this.#ws.setScrollTime(Math.max(0, start));
  }

  setRegions(regions: Parameters<WavesurferRegions['set']>[0]): void {
    this.#regions.set(regions);
  }

  getGainTarget(): GainTarget | null {
    // wavesurfer.js gives its element to everybody, but the player of its WebAudio backend to nobody.
    const { webAudioPlayer } = this.#ws as unknown as { webAudioPlayer: WebAudioPlayer | null };
    const player = this.#ws.getMediaElement() ?? webAudioPlayer;
    return player === null || player instanceof HTMLMediaElement
      ? player
      : (player as unknown as WebAudioPlayer).getGainNode();
  }

  getPlaybackRate(): number {
    return this.#ws.getPlaybackRate();
  }

  mountOverlay(element: HTMLElement, layer: keyof typeof OVERLAY_Z = 'below-regions'): () => void {
    // As wide as the zoomed waveform, so that the frame inside it can stick to the viewport.
    const plane = document.createElement('div');
    Object.assign(plane.style, { position: 'absolute', inset: '0', zIndex: OVERLAY_Z[layer], pointerEvents: 'none' });
    const frame = document.createElement('div');
    Object.assign(frame.style, { position: 'sticky', left: '0', height: '100%' });
    const fit = (): void => {
      frame.style.width = `${this.#ws.getWidth()}px`;
    };
    fit();
    frame.append(element);
    plane.append(frame);
    this.#ws.getWrapper().append(plane);
    const stopFitting = this.on('viewchange', fit);
    const unmount = (): void => {
      stopFitting();
      plane.remove();
    };
    this.#releases.push(unmount);
    return unmount;
  }

  on<E extends keyof HostEvents>(event: E, listener: (...payload: HostEvents[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  destroy(): void {
    for (const release of this.#releases.splice(0).reverse()) release();
    this.#events.clear();
    this.#blob = null;
  }

  #watchLoadBlob(): () => void {
    const ws = this.#ws;
    const before = Object.getOwnPropertyDescriptor(ws, 'loadBlob');
    const load = ws.loadBlob.bind(ws);
    const watched: typeof load = (blob, ...rest) => {
      this.#nextBlob = blob;
      return load(blob, ...rest);
    };
    ws.loadBlob = watched;
    return () => {
      // Whoever has put his own in front of ours since then keeps it.
      if (ws.loadBlob !== watched) return;
      Reflect.deleteProperty(ws, 'loadBlob');
      if (before) Object.defineProperty(ws, 'loadBlob', before);
    };
  }

  #loadBegan(): void {
    this.#blob = this.#nextBlob;
    this.#nextBlob = null;
    this.#loaded = false;
    if (this.#blob) this.#announce();
    // Until the next recording is there, nobody may be given what was found in the last one.
    else this.#events.emit('sourcechange');
  }

  #announce(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    this.#events.emit('sourcechange');
  }
}
