/** The name to show for what lies at an address: its last part; addresses of data in memory have none. */
export function fileName(url: URL): string {
  if (url.protocol === 'blob:' || url.protocol === 'data:') return 'Recording';
  const last = url.pathname.split('/').findLast((part) => part !== '') ?? url.hostname;
  try {
    return decodeURIComponent(last);
  } catch {
    // Not percent-encoded UTF-8; then as it stands.
    return last;
  }
}
