/** What went wrong, as a stable code for programs; the message is for people. */
export type EarmarkErrorCode =
  | 'not-audio'
  | 'truncated-audio'
  | 'empty-audio'
  | 'unsupported-codec'
  | 'source-unreachable'
  | 'model-missing'
  | 'model-corrupt'
  | 'model-incomplete'
  | 'worker-missing'
  | 'worker-crashed'
  | 'server-unreachable'
  | 'server-refused'
  | 'server-mismatch'
  | 'out-of-memory'
  | 'storage-full'
  | 'storage-denied'
  | 'empty-prompt'
  | 'prompt-too-long'
  | 'bad-option'
  | 'no-source'
  | 'no-gain'
  | 'busy'
  | 'nothing-found'
  | 'bad-project'
  | 'other-recording'
  | 'destroyed';

/** An error a user can act on: `message` says what happened and what to do about it. Cancelling is not an error of this kind. */
export class EarmarkError extends Error {
  override readonly name = 'EarmarkError';
  constructor(
    readonly code: EarmarkErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The rejection of a cancelled call. */
export function abortError(message = 'The operation was cancelled.'): DOMException {
  return new DOMException(message, 'AbortError');
}

export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
