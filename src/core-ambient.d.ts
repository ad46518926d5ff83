/**
 * The platform facilities that signal code and detection code may use besides ECMAScript itself.
 * They exist in every page, worker and Node; everything else of the DOM is a compile error there.
 */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
}
