import { EarmarkError } from '../engine/errors.js';
import type { RenderReport } from '../engine/render-plan.js';
import { renderLock } from '../engine/render-storage.js';
import type { OpenedAudio } from './audio-source.js';
import { holdLock } from './hold-lock.js';
import type { Jobs } from './jobs.js';
import type { EarmarkSettings } from './options.js';
import { renderInWorker } from './render-client.js';
import { renderInput } from './render-input.js';
import { planRender, type PlannedRender } from './render-outputs.js';
import { parseRenderSettings } from './render-settings.js';
import type { RenderOptions } from './render.js';
import type { Notice } from './state.js';
import type { StateStore } from './store.js';
import { warnBeforeClosing } from './warn-before-closing.js';

export interface RenderingContext {
  readonly store: StateStore;
  /** Aborts when Earmark is destroyed. */
  readonly life: AbortSignal;
  readonly settings: Pick<EarmarkSettings, 'assetBase'>;
  /** The recording that stands open. */
  readonly recording: () => OpenedAudio | null;
  readonly notify: (level: Notice['level'], message: string) => void;
}

/**
 * Makes files, as the job of its Earmark. They lie on disk until they are saved: those that views asked for as long as
 * they are shown, those that scripts asked for until Earmark is destroyed.
 */
export class Rendering {
  readonly #context: RenderingContext;
  readonly #jobs: Jobs;

  constructor(context: RenderingContext, jobs: Jobs) {
    this.#context = context;
    this.#jobs = jobs;
  }

  /**
   * As `Earmark.render`.
   *
   * @param isShown whether the file is a view's, to be forgotten with the job
   */
  async render(options: RenderOptions, isShown: boolean): Promise<File> {
    const { store, recording } = this.#context;
    const settings = parseRenderSettings(options);
    const audio = recording();
    if (!audio) throw new EarmarkError('no-source', 'There is no recording to export. Open one first.');
    const planned = planRender(store.state, settings, audio.source.length);
    const storageName = crypto.randomUUID();
    const release = await holdLock(renderLock(storageName));
    try {
      const file = await this.#run(audio, planned, options, storageName);
      if (isShown) this.#releaseWithJob(file, release);
      else this.#context.life.addEventListener('abort', release);
      return file;
    } catch (error) {
      release();
      throw error;
    }
  }

  async #run(audio: OpenedAudio, planned: PlannedRender, options: RenderOptions, storageName: string): Promise<File> {
    const { plan, fileName } = planned;
    const destination = options.to ?? null;
    const name = destination?.name ?? fileName;
    const { blob } = await this.#jobs.run(
      'render',
      name,
      async ({ signal, onProgress }) => {
        const warn = warnBeforeClosing();
        const { input, close } = renderInput(audio);
        try {
          const { assetBase } = this.#context.settings;
          const task = { input, plan, destination, storageName, assetBase, signal, onProgress };
          const { file, report } = await renderInWorker(task);
          this.#tell(report, planned, audio);
          const type = plan.zip ? 'application/zip' : 'audio/wav';
          return { blob: new File([file], name, { type }), name };
        } finally {
          close();
          warn.end();
        }
      },
      options.signal,
    );
    return blob;
  }

  #tell(report: RenderReport, { plan, droppedRegions }: PlannedRender, { sampleRate, codec }: OpenedAudio): void {
    const { notify } = this.#context;
    const { sampleFormat, clippedSamples, sourceEndedAt, chunksLeftOut } = report;
    const deeper = sampleFormat === 'float32' && plan.sampleFormat === 'source' ? deeperThanFloat32(codec) : null;
    if (deeper !== null) {
      notify('info', `The recording has ${deeper}; it is read, and exported, as floats of 32 bits.`);
    }
    if (clippedSamples > 0) {
      notify(
        'warning',
        `${counted(clippedSamples, 'sample')} louder than the file can hold, and cut off at full scale. Export with 32 bits to keep them.`,
      );
    }
    if (sourceEndedAt !== null) {
      const time = (sourceEndedAt / sampleRate).toFixed(2);
      notify('warning', `The recording ends at ${time} s, before its file says so; the rest of the export is silent.`);
    }
    if (chunksLeftOut.length > 0) {
      notify('warning', `Not taken along, because it is too large: the recording's ${chunksLeftOut.join(', ')}.`);
    }
    if (droppedRegions > 0) {
      notify('warning', `${counted(droppedRegions, 'region')} left out: without length, or outside of the recording.`);
    }
  }

  /** Lets the file be removed when the job that shows it is gone. */
  #releaseWithJob(blob: Blob, release: () => void): void {
    const { store, life } = this.#context;
    const unsubscribe = store.subscribe(({ job }) => {
      if (job?.file?.blob === blob) return;
      unsubscribe();
      release();
    });
    life.addEventListener('abort', release);
  }
}

/** What the samples of a recording are, where floats of 32 bits do not hold them. */
function deeperThanFloat32(codec: string | null): string | null {
  const [, kind, bits] = /^pcm-([suf])(32|64)/.exec(codec ?? '') ?? [];
  if (bits === undefined || (kind === 'f' && bits === '32')) return null;
  return `${kind === 'f' ? 'floats' : 'integers'} of ${bits} bits`;
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun} was` : `${count.toLocaleString('en')} ${noun}s were`;
}
