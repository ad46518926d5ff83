import { EarmarkError } from '../engine/errors.js';

/**
 * An address as people type it: with or without `https://`, or from this site on. It ends with a slash.
 *
 * @throws EarmarkError `bad-option`
 */
export function parseAddress(address: string | URL): URL {
  const text = String(address).trim();
  const whole = /^[a-z]+:\/\//i.test(text) || text.startsWith('/') ? text : `https://${text}`;
  if (text === '' || !URL.canParse(whole, document.baseURI)) {
    throw new EarmarkError('bad-option', `“${text}” is no address. Give one such as https://example.org/models/clap.`);
  }
  const url = new URL(whole, document.baseURI);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
