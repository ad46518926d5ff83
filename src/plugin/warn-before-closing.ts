/** Asks before the page is closed, until it is ended. */
export function warnBeforeClosing(): { end: () => void } {
  const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
  addEventListener('beforeunload', ask);
  return { end: () => removeEventListener('beforeunload', ask) };
}
