import type { Score, Seconds } from '../dsp/units.js';

/** `exclusive`: each moment is one class or none. `overlapping`: each class by itself, whatever the others are. */
export type SplitMode = 'exclusive' | 'overlapping';

/** What a recording is divided into. */
export interface SplitClass {
  readonly id: string;
  /** As shown. */
  readonly label: string;
  /** What it is known by: it is heard where any of these is. */
  readonly texts: readonly string[];
  /** Whether quiet, by its level, belongs to it too. */
  readonly silence: boolean;
  /** Index into the palette, 0…7. */
  readonly color: number;
  /** Neither shown nor made into regions or files; it still keeps its time from the other classes. */
  readonly hidden: boolean;
  /** CatID of the Universal Category System for its regions and files, e.g. `ANMLDog`. */
  readonly ucs?: string;
}

/** A division of the recording by class, as the user asked for it. */
export interface Split {
  readonly classes: readonly SplitClass[];
  readonly mode: SplitMode;
  /** What a switch of class costs, in an exclusive split; see `exclusiveSplit`. */
  readonly switchingCost: Seconds;
}

/** A stretch of time that belongs to a class. */
export interface SplitSegment {
  readonly classId: string;
  readonly start: Seconds;
  readonly end: Seconds;
  readonly score: Score;
}

/** A class with what is known about it. */
export interface SplitClassState extends SplitClass {
  readonly phase: 'encoding' | 'ready' | 'failed';
  /** Why it failed, ready to show. */
  readonly message?: string;
}

/** A split with what came of it. */
export interface SplitState extends Split {
  readonly classes: readonly SplitClassState[];
  /** Sorted by start; those of hidden classes too. */
  readonly segments: readonly SplitSegment[];
  /** Whether the segments speak of the whole recording and of all classes that could be asked for. */
  readonly complete: boolean;
}

/** A class as it is asked for: its name, which is what it is known by unless `texts` say otherwise. */
export type SplitClassInit =
  string | { readonly label: string; readonly texts?: readonly string[]; readonly silence?: boolean };

/** Classes under a name. */
export interface SplitPreset {
  readonly name: string;
  readonly classes: readonly Exclude<SplitClassInit, string>[];
}

/** A split as scripts ask for it. */
export interface SplitOptions {
  /** Names, or names with the texts that they are known by; “silence” goes by level. */
  readonly classes: readonly SplitClassInit[];
  /** Default `exclusive`. */
  readonly mode?: SplitMode;
  /** 0…60. Default .2. */
  readonly switchingCost?: Seconds;
  readonly signal?: AbortSignal;
}

/** Where a class is heard: sorted, neither touching nor overlapping. */
export function classSpans(split: SplitState, classId: string): { start: Seconds; end: Seconds }[] {
  const spans: { start: Seconds; end: Seconds }[] = [];
  for (const segment of split.segments) {
    if (segment.classId !== classId) continue;
    const last = spans.at(-1);
    if (last && segment.start <= last.end) last.end = Math.max(last.end, segment.end);
    else spans.push({ start: segment.start, end: segment.end });
  }
  return spans;
}

/** What is to be heard, by the classes of a split: each text once, whatever else it is asked for. */
export function splitPrompts(split: Split | null): { id: string; text: string; polarity: 'class' }[] {
  const texts = new Set(split?.classes.flatMap((one) => one.texts));
  return [...texts].map((text) => ({ id: splitPromptId(text), text, polarity: 'class' }));
}

/** Under this id the finding of a text of a class is kept. */
export function splitPromptId(text: string): string {
  return `class ${text}`;
}
