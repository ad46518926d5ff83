import type { Samples, Seconds } from '../dsp/units.js';
import { MP3_HEADER_BYTES, parseMp3FrameHeader, type Mp3FrameHeader } from './mp3-frame-header.js';

/** A stretch of an MP3 file that is decoded by itself. Positions count from the file's first sample. */
export interface Mp3Part {
  /** A file of its own: the frames of the stretch, and some before it for the decoder to warm up. */
  readonly file: Blob;
  /** Position of the first sample of `file`. */
  readonly start: Samples;
  /** The stretch, `[from, to)`. */
  readonly from: Samples;
  readonly to: Samples;
}

/** A demuxer holds some 100 bytes for every frame it has seen, which for hours comes to more than anything else. */
const PART_SECONDS = 300;
/** Bytes looked through at a time. */
const BLOCK_BYTES = 2 ** 20;
/** Bytes of a frame that are looked at: its header, and where the tag of a frame without audio is. */
const LOOKED_AT_BYTES = 40;
const TAGS: readonly string[] = ['Xing', 'Info'];

/**
 * An MP3 file as a row of short ones, so that whoever decodes it need not remember all its frames. It is walked through
 * from the front, frame header by frame header, no further than has been asked for.
 */
export class Mp3Parts {
  readonly #parts: Mp3Part[] = [];
  /** Where the frames of the next stretch begin in the file, behind those of the last one to warm up with. */
  #offsets: number[] = [];
  #warmUpFrames = 0;
  /** Position of the next frame. */
  #position: Samples = 0;
  #first: Mp3FrameHeader | null = null;
  #walking: Promise<void> | null = null;
  #isWalked = false;

  /**
   * @param offset bytes of the file before its first frame
   * @param warmUp decoded before a stretch and thrown away
   */
  constructor(
    private readonly file: Blob,
    private offset: number,
    private readonly warmUp: Seconds,
  ) {}

  /** The stretch that a position lies in; null behind the end. */
  async at(position: Samples): Promise<Mp3Part | null> {
    while (position >= this.#end && !this.#isWalked) await this.#walkOn();
    return this.#parts.find(({ to }) => position < to) ?? null;
  }

  /** Samples in all frames. */
  async length(): Promise<Samples> {
    while (!this.#isWalked) await this.#walkOn();
    return this.#end;
  }

  /** Position behind the stretches that are known. */
  get #end(): Samples {
    return this.#parts.at(-1)?.to ?? 0;
  }

  #walkOn(): Promise<void> {
    this.#walking ??= this.#walk().finally(() => {
      this.#walking = null;
    });
    return this.#walking;
  }

  /** Up to the end of the next stretch. */
  async #walk(): Promise<void> {
    const { size } = this.file;
    while (this.offset + MP3_HEADER_BYTES <= size) {
      const blockOffset = this.offset;
      const blockEnd = Math.min(blockOffset + BLOCK_BYTES, size);
      const block = new DataView(await this.file.slice(blockOffset, blockEnd).arrayBuffer());
      const last = blockEnd - (blockEnd === size ? MP3_HEADER_BYTES : LOOKED_AT_BYTES);
      while (this.offset <= last) {
        const at = this.offset - blockOffset;
        const frame = parseMp3FrameHeader(block.getUint32(at));
        if (frame === null || !this.#belongs(frame)) {
          this.offset += 1;
          continue;
        }
        const hasAudio = !isTag(block, at + frame.tagOffset);
        if (hasAudio && this.#isComplete()) {
          this.#endPart();
          return;
        }
        if (hasAudio) this.#add(frame);
        // Some writers make a frame one byte too short.
        this.offset += frame.byteLength - 1;
      }
    }
    this.#isWalked = true;
    if (this.#offsets.length > this.#warmUpFrames) this.#endPart(size);
  }

  #belongs({ kind, byteLength }: Mp3FrameHeader): boolean {
    return (this.#first === null || kind === this.#first.kind) && this.offset + byteLength <= this.file.size;
  }

  #add(frame: Mp3FrameHeader): void {
    this.#first ??= frame;
    this.#offsets.push(this.offset);
    this.#position += frame.samples;
  }

  #isComplete(): boolean {
    return this.#first !== null && this.#position - this.#end >= PART_SECONDS * this.#first.sampleRate;
  }

  #endPart(byteEnd = this.offset): void {
    const { samples, sampleRate } = this.#first!;
    const from = this.#end;
    this.#parts.push({
      // What comes before the first frame belongs to the file.
      file: this.file.slice(from === 0 ? 0 : this.#offsets[0], byteEnd),
      start: from - this.#warmUpFrames * samples,
      from,
      to: this.#position,
    });
    this.#offsets = this.#offsets.slice(-Math.ceil((this.warmUp * sampleRate) / samples));
    this.#warmUpFrames = this.#offsets.length;
  }
}

/** Whether a frame holds what the encoder says of the file, instead of audio. */
function isTag(block: DataView, at: number): boolean {
  if (at + 4 > block.byteLength) return false;
  return TAGS.includes(String.fromCharCode(...new Uint8Array(block.buffer, at, 4)));
}
