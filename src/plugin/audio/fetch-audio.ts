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
    throw new EarmarkError(
      'source-unreachable',
      `The recording could not be fetched from ${url.href}. Check the connection and the address; ` +
        "another site's server has to allow it (CORS). Or download the file and open it from disk.",
      { cause: error },
    );
  }
}
