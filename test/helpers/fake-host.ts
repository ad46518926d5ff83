import { Emitter } from '../../src/plugin/events.js';
import type {
  HostCapability,
  HostEvents,
  HostRegion,
  HostSource,
  TimelineHost,
} from '../../src/plugin/host/timeline-host.js';

/** A timeline without a player: it remembers what it was told, and time moves when the test says so. */
export class FakeHost implements TimelineHost {
  readonly id = 'fake';
  readonly capabilities: ReadonlySet<HostCapability> = new Set(['regions']);
  readonly events = new Emitter<HostEvents>();
  source: HostSource | null = null;
  duration = 60;
  visible = { start: 0, end: 60 };
  time = 0;
  playing = false;
  /** What was asked of the player, e.g. "play 1.25–3". */
  readonly log: string[] = [];
  regions: readonly HostRegion[] = [];
  destroyed = false;

  /** Loads another recording by the name that the fake audio opener knows. */
  load(name: string): void {
    this.source = { data: new Blob([name]), name };
    this.events.emit('sourcechange');
  }

  /** Moves the playhead as playback would. */
  advance(time: number): void {
    this.time = time;
    this.events.emit('timeupdate', time);
  }

  getSource(): HostSource | null {
    return this.source;
  }
  getDuration(): number {
    return this.duration;
  }
  getTime(): number {
    return this.time;
  }
  seek(time: number): void {
    this.log.push(`seek ${time}`);
    this.advance(time);
  }
  play(start?: number, end?: number): Promise<void> {
    this.log.push(`play ${start ?? ''}–${end ?? ''}`);
    if (start !== undefined) this.advance(start);
    this.playing = true;
    this.events.emit('playstate', true);
    return Promise.resolve();
  }
  pause(): void {
    this.log.push('pause');
    this.playing = false;
    this.events.emit('playstate', false);
  }
  isPlaying(): boolean {
    return this.playing;
  }
  getVisibleRange(): { start: number; end: number } {
    return this.visible;
  }
  scrollTo(time: number): void {
    this.log.push(`scroll ${time}`);
  }
  setRegions(regions: readonly HostRegion[]): void {
    this.regions = regions;
  }
  on<E extends keyof HostEvents>(event: E, listener: (...payload: HostEvents[E]) => void): () => void {
    return this.events.on(event, listener);
  }
  destroy(): void {
    this.destroyed = true;
    this.events.clear();
  }
}
