import type { EmbeddingEngine } from '../engine/embedding-engine.js';
import { EarmarkError, isAbortError } from '../engine/errors.js';
import { renderLock } from '../engine/render-storage.js';
import { EVENT_PADDING_SECONDS, eventSpans } from '../engine/separate-events.js';
import { safeName } from '../formats/file-names.js';
import { occlusionJudge } from '../tasks/occlusion.js';
import { embedPrompt } from '../tasks/prompt-template.js';
import { openAudio, type OpenedAudio } from './audio-source.js';
import { sampleSource } from './audio/sample-source.js';
import { holdLock } from './hold-lock.js';
import type { TimelineHost } from './host/timeline-host.js';
import type { TimelineMap } from './host/timeline-map.js';
import type { Jobs } from './jobs.js';
import type { EarmarkSettings } from './options.js';
import type { Region } from './region.js';
import { renderInput } from './render-input.js';
import { separateInWorker } from './separation-client.js';
import { SeparationPreview, type Stretch } from './separation-preview.js';
import {
  DEFAULT_SEPARATION_METHOD,
  type SeparatedFiles,
  type SeparateOptions,
  type SeparationMethod,
  type SeparationPart,
} from './separation.js';
import type { PromptState } from './state.js';
import type { StateStore } from './store.js';
import { warnBeforeClosing } from './warn-before-closing.js';

/** Heard before and behind an event that is listened to, in seconds. */
const CONTEXT_SECONDS = 1;
/** Longest stretch that is listened to at a time, in seconds. */
const MOST_SECONDS = 20;

export interface SeparatingContext {
  readonly host: TimelineHost | null;
  readonly store: StateStore;
  /** Aborts when Earmark is destroyed. */
  readonly life: AbortSignal;
  readonly settings: Pick<EarmarkSettings, 'assetBase'>;
  readonly map: () => TimelineMap;
  /** The recording that stands open. */
  readonly recording: () => OpenedAudio | null;
  readonly engine: () => Promise<EmbeddingEngine>;
  /** As `Earmark.find`. */
  readonly find: (text: string, options: { readonly signal?: AbortSignal }) => Promise<readonly Region[]>;
}

/** What is known of the last separation beyond the state. */
interface Separated {
  readonly sourceId: string;
  readonly events: readonly Stretch[];
  /** Lets its files be removed. */
  readonly release: () => void;
}

/** Separates what was found from the rest, as the job of its Earmark, and lets both be heard. */
export class Separating {
  readonly #context: SeparatingContext;
  readonly #jobs: Jobs;
  readonly #unsubscribe: () => void;
  #separated: Separated | null = null;
  #preview: SeparationPreview | null = null;

  constructor(context: SeparatingContext, jobs: Jobs) {
    this.#context = context;
    this.#jobs = jobs;
    this.#unsubscribe = context.store.subscribe(({ source }) => {
      if (this.#separated && this.#separated.sourceId !== source?.id) this.dismiss();
    });
  }

  /**
   * As `Earmark.separate`.
   *
   * @param isShown whether the files are a view's, to be forgotten with the separation
   */
  async separate(options: SeparateOptions, isShown: boolean): Promise<SeparatedFiles> {
    const { store, life } = this.#context;
    const { signal, method = DEFAULT_SEPARATION_METHOD } = options;
    signal?.throwIfAborted();
    const prompt = await this.#prompt(options, isShown);
    const audio = this.#context.recording();
    const { source, regions } = store.state;
    if (!audio || !source) throw new EarmarkError('no-source', 'There is no recording to separate. Open one first.');
    const events = regions.filter(({ promptId, status }) => promptId === prompt.id && status !== 'rejected');
    const spans = eventSpans(events, audio.source, EVENT_PADDING_SECONDS);
    if (spans.length === 0) {
      const message = `There is nothing to separate: no “${prompt.text}” was found. Raise its sensitivity, or mark it by hand.`;
      throw new EarmarkError('nothing-found', message);
    }
    const name = crypto.randomUUID();
    const storageNames = { target: `${name}-target`, residual: `${name}-residual` };
    const locks = await Promise.all(Object.values(storageNames).map((each) => holdLock(renderLock(each))));
    const release = (): void => locks.forEach((unlock) => unlock());
    try {
      const files = await this.#run(audio, prompt, { method, spans, storageNames, options });
      this.dismiss();
      this.#separated = { sourceId: source.id, events, release: isShown ? release : () => {} };
      life.addEventListener('abort', release);
      store.update({
        separation: {
          prompt: prompt.text,
          method,
          target: { blob: files.target, name: files.target.name },
          residual: { blob: files.residual, name: files.residual.name },
          listening: null,
        },
      });
      // The result is shown by itself.
      this.#jobs.dismiss();
      return files;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Plays a part of the last separation, or ends that. */
  async listen(part: SeparationPart | null): Promise<void> {
    const { separation } = this.#context.store.state;
    if (part === null || !separation) {
      this.#endPreview();
    } else if (this.#preview) {
      this.#preview.listen(part);
      this.#showListening(part);
    } else {
      await this.#startPreview(part);
    }
  }

  /** Forgets the last separation, and its files. */
  dismiss(): void {
    this.#endPreview();
    this.#separated?.release();
    this.#separated = null;
    this.#context.store.update({ separation: null });
  }

  destroy(): void {
    this.#unsubscribe();
    this.#preview?.destroy();
    this.#preview = null;
  }

  /** The prompt that is meant, searched first if it has not been. */
  async #prompt({ prompt, signal }: SeparateOptions, isShown: boolean): Promise<PromptState> {
    const { store, find } = this.#context;
    const known = findPrompt(store.state.prompts, prompt);
    if (known) return known;
    // Views name what they show; a prompt that was removed a moment ago is not searched anew.
    if (isShown) throw gone(prompt);
    await find(prompt, signal ? { signal } : {});
    const added = findPrompt(store.state.prompts, prompt);
    if (!added) throw gone(prompt);
    return added;
  }

  async #run(
    audio: OpenedAudio,
    prompt: PromptState,
    task: {
      readonly method: SeparationMethod;
      readonly spans: ReturnType<typeof eventSpans>;
      readonly storageNames: { readonly target: string; readonly residual: string };
      readonly options: SeparateOptions;
    },
  ): Promise<SeparatedFiles> {
    const { method, spans, storageNames, options } = task;
    const { assetBase } = this.#context.settings;
    const stem = audio.name.replace(/\.[^.]{1,5}$/, '');
    const fileOf = (blob: Blob, part: string): File =>
      new File([blob], `${safeName(`${stem}_${prompt.text} ${part}`)}.wav`, { type: 'audio/wav' });
    let files: SeparatedFiles | null = null;
    await this.#jobs.run(
      'separate',
      `${prompt.text}: target and residual`,
      async ({ signal, onProgress }) => {
        const warning = warnBeforeClosing();
        const readers = [renderInput(audio), renderInput(audio)] as const;
        try {
          const { target, residual } = await separateInWorker({
            inputs: [readers[0].input, readers[1].input],
            spans,
            method,
            judge: method === 'nmf' ? await this.#judge(prompt, signal) : null,
            storageNames,
            assetBase,
            signal,
            onProgress: (fraction) => {
              onProgress(fraction);
              options.onProgress?.(fraction);
            },
          });
          files = { target: fileOf(target, 'target'), residual: fileOf(residual, 'residual') };
          return null;
        } finally {
          for (const { close } of readers) close();
          warning.end();
        }
      },
      options.signal,
    );
    return files!;
  }

  async #judge(prompt: PromptState, signal: AbortSignal) {
    const engine = await this.#context.engine();
    const contrasts = this.#context.store.state.prompts.filter(({ polarity }) => polarity === 'contrast');
    const [target, ...others] = await Promise.all(
      [prompt, ...contrasts].map(({ text }) => embedPrompt(engine, text, { signal })),
    );
    return occlusionJudge(engine, { target, contrasts: others });
  }

  async #startPreview(part: SeparationPart): Promise<void> {
    const { host, map, store, settings } = this.#context;
    const { separation } = store.state;
    const audio = this.#context.recording();
    if (!this.#separated || !separation || !audio) return;
    const { sourceId, events } = this.#separated;
    const preview = new SeparationPreview(part, {
      host,
      map,
      sourceId,
      open: async (each, signal) => {
        if (each === 'mix' && !(audio.data instanceof Blob)) return sampleSource(audio.data);
        const data = each === 'mix' ? (audio.data as Blob) : separation[each].blob;
        return (await openAudio(data, { signal, assetBase: settings.assetBase })).source;
      },
      onEnd: () => this.#endPreview(),
    });
    this.#preview = preview;
    this.#showListening(part);
    try {
      await preview.start(this.#stretch(events, audio.duration));
    } catch (error) {
      if (this.#preview === preview) this.#endPreview();
      if (!isAbortError(error)) throw error;
    }
  }

  /** Around the active region, if it is one of the events; else around the first event from the playhead on. */
  #stretch(events: readonly Stretch[], duration: number): Stretch {
    const { host, store } = this.#context;
    const { regions, activeRegionId } = store.state;
    const active = regions.find(({ id }) => id === activeRegionId);
    const playhead = host?.getTime() ?? 0;
    const isActive = ({ start, end }: Stretch): boolean => start === active?.start && end === active.end;
    const event = events.find(isActive) ?? events.find(({ end }) => end > playhead) ?? events[0];
    const start = Math.max(0, event.start - CONTEXT_SECONDS);
    return { start, end: Math.min(duration, event.end + CONTEXT_SECONDS, start + MOST_SECONDS) };
  }

  #endPreview(): void {
    this.#preview?.destroy();
    this.#preview = null;
    this.#showListening(null);
  }

  #showListening(listening: SeparationPart | null): void {
    const { store } = this.#context;
    const { separation } = store.state;
    if (separation && separation.listening !== listening) {
      store.update({ separation: { ...separation, listening } });
    }
  }
}

function gone(prompt: string): EarmarkError {
  return new EarmarkError('nothing-found', `The prompt “${prompt}” is gone. Ask for it again.`);
}

function findPrompt(prompts: readonly PromptState[], name: string): PromptState | undefined {
  const wanted = name.trim().toLowerCase();
  return prompts.find(({ id, text }) => id === name || text.toLowerCase() === wanted);
}
