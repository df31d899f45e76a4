/**
 * Tells `onVersion` of the version of the definitions when the collector tells at `url` that there are others. Only while
 * the page is seen: a browser opens six connections to a host at a time over HTTP/1.1, and tabs in the background would
 * take them all.
 */
export function push(url: string, onVersion: (version: number) => void): void {
  let source: EventSource | undefined;
  const look = (): void => {
    source?.close();
    if (document.hidden) return;
    source = new EventSource(url);
    source.addEventListener('definitions', ({ data }) => onVersion(JSON.parse(data).version));
  };
  document.addEventListener('visibilitychange', look);
  look();
}
