import { EarmarkError } from '../engine/errors.js';
import type { PcmSource } from '../engine/pcm-source.js';
import { stretchesOnTimeline, type TimelineMap } from './host/timeline-map.js';
import type { TimelineHost } from './host/timeline-host.js';
import { SEPARATION_PARTS, type SeparationPart } from './separation.js';

/** Between two parts, against clicks, in seconds. */
const FADE_SECONDS = 0.01;
/** The playhead follows this often, in milliseconds. */
const FOLLOW_EVERY_MS = 50;

/** Seconds of the source. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface PreviewOptions {
  readonly host: TimelineHost | null;
  readonly map: () => TimelineMap;
  readonly sourceId: string;
  /** Opens a part to be read; it is closed afterwards. */
  readonly open: (part: SeparationPart, signal: AbortSignal) => Promise<PcmSource>;
  /** Ended by itself: the host plays something. */
  readonly onEnd: () => void;
}

/**
 * Plays a stretch of target, residual and mix over and over, all three in step, one of them audible; the host's
 * playhead goes along. It ends where the host begins to play.
 */
export class SeparationPreview {
  readonly #options: PreviewOptions;
  readonly #context: AudioContext;
  readonly #gains: Readonly<Record<SeparationPart, GainNode>>;
  readonly #life = new AbortController();
  #part: SeparationPart;
  #release: () => void = () => {};

  constructor(part: SeparationPart, options: PreviewOptions) {
    this.#part = part;
    this.#options = options;
    this.#context = new AudioContext();
    const gain = (of: SeparationPart): GainNode => {
      const node = new GainNode(this.#context, { gain: of === part ? 1 : 0 });
      node.connect(this.#context.destination);
      return node;
    };
    this.#gains = { target: gain('target'), residual: gain('residual'), mix: gain('mix') };
  }

  /**
   * @throws EarmarkError what reading throws
   * @throws DOMException `AbortError` when it is destroyed meanwhile
   */
  async start(stretch: Stretch): Promise<void> {
    const { signal } = this.#life;
    const { host, open } = this.#options;
    host?.pause();
    const buffers = await Promise.all(
      SEPARATION_PARTS.map(async (part) => {
        const source = await open(part, signal);
        try {
          return await readBuffer(source, stretch, signal);
        } finally {
          source.close();
        }
      }),
    );
    await this.#context.resume();
    signal.throwIfAborted();
    const startedAt = this.#context.currentTime;
    SEPARATION_PARTS.forEach((part, i) => {
      const node = new AudioBufferSourceNode(this.#context, { buffer: buffers[i], loop: true });
      node.connect(this.#gains[part]);
      node.start(startedAt);
    });
    const timer = setInterval(() => this.#follow(stretch, startedAt), FOLLOW_EVERY_MS);
    const unsubscribe = host?.on('playstate', (isPlaying) => isPlaying && this.#options.onEnd());
    this.#release = () => {
      clearInterval(timer);
      unsubscribe?.();
    };
  }

  /** Makes another part audible, from where it is. */
  listen(part: SeparationPart): void {
    const now = this.#context.currentTime;
    for (const each of SEPARATION_PARTS) {
      const { gain } = this.#gains[each];
      gain.cancelScheduledValues(now);
      gain.setValueAtTime(gain.value, now);
      gain.linearRampToValueAtTime(each === part ? 1 : 0, now + FADE_SECONDS);
    }
    this.#part = part;
  }

  get part(): SeparationPart {
    return this.#part;
  }

  destroy(): void {
    this.#life.abort();
    this.#release();
    void this.#context.close();
  }

  #follow({ start, end }: Stretch, startedAt: number): void {
    const { host, map, sourceId } = this.#options;
    const time = start + ((this.#context.currentTime - startedAt) % (end - start));
    const [place] = stretchesOnTimeline(map(), sourceId, time, end);
    if (place) host?.seek(place.start);
  }
}

async function readBuffer(source: PcmSource, { start, end }: Stretch, signal: AbortSignal): Promise<AudioBuffer> {
  const { sampleRate } = source;
  const first = Math.floor(start * sampleRate);
  const channels = await source.read(first, Math.max(1, Math.ceil(end * sampleRate) - first), signal);
  const length = channels[0]?.length ?? 0;
  try {
    const buffer = new AudioBuffer({ numberOfChannels: channels.length, length, sampleRate });
    channels.forEach((samples, channel) => buffer.copyToChannel(samples, channel));
    return buffer;
  } catch (cause) {
    const message = `This browser cannot play ${sampleRate} Hz. Save the files and listen to them elsewhere.`;
    throw new EarmarkError('unsupported-codec', message, { cause });
  }
}
