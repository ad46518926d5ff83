import { abortError, EarmarkError } from '../../engine/errors.js';

/**
 * Fetches a file as a whole.
 *
 * @throws EarmarkError `source-unreachable`
 * @throws DOMException `AbortError`
 */
export async function fetchAudio(url: URL, signal?: AbortSignal): Promise<Blob> {
  try {
    const response = await fetch(url, signal ? { signal } : {});
    if (!response.ok) {
      throw new EarmarkError(
        'source-unreachable',
        `The recording could not be fetched: ${url.href} answered ${response.status}. Check the address.`,
      );
    }
    return await response.blob();
  } catch (error) {
    if (signal?.aborted) throw abortError();
    if (error instanceof EarmarkError) throw error;
    const cure =
      url.protocol === 'blob:'
        ? "Its memory may have been revoked, or the page's content security policy lacks connect-src blob:."
        : "Check the connection and the address; another site's server has to allow it (CORS). " +
          'Or download the file and open it from disk.';
    const message = `The recording could not be fetched from ${url.href}. ${cure}`;
    throw new EarmarkError('source-unreachable', message, { cause: error });
  }
}
