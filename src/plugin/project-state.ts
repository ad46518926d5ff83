import type { ProjectSource } from '../formats/project-json.js';

/** A project that is kept on this device. */
export interface KeptProjectState {
  readonly id: string;
  /** Name of its recording. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** Texts of its prompts. */
  readonly prompts: readonly string[];
  /** Regions that were accepted, rejected, drawn or edited. */
  readonly regionCount: number;
  /** Whether it was set apart from a project of the same recording that another tab has saved meanwhile. */
  readonly isCopy: boolean;
  /** Whether its recording is kept with it. */
  readonly hasRecording: boolean;
}

/** A project that was opened, and waits for its recording. */
export interface PendingProject {
  readonly source: ProjectSource;
  /** Whether its recording is kept on this device. */
  readonly hasRecording: boolean;
}

/** Where the work on the open recording stands, and what else is kept. */
export interface ProjectState {
  /**
   * Whether the work on the open recording is kept on this device. `off`: autosave is off or not possible; `none`:
   * there is nothing to keep yet.
   */
  readonly saved: 'off' | 'none' | 'pending' | 'saved' | 'failed';
  /** Milliseconds since 1970; null before it was saved. */
  readonly savedAt: number | null;
  /** Which of those that are kept is open; null while the open one is not kept. */
  readonly openId: string | null;
  /** Whether the page can be asked to open a recording; where it cannot, the user opens it the page's own way. */
  readonly canOpenRecordings: boolean;
  /** What is kept on this device, latest first. */
  readonly kept: readonly KeptProjectState[];
  /** Bytes of the recordings that are kept. */
  readonly recordingBytes: number;
  /** A project that was opened while another recording is open; null when none waits. */
  readonly pending: PendingProject | null;
}
