import type { DefinitionsFeed } from './feed.ts';

/**
 * Has the definitions fetched when the collector tells at `url` that there are others. Only while the page is seen: a
 * browser opens six connections to a host at a time over HTTP/1.1, and tabs in the background would take them all.
 */
export function followPush(url: string, feed: DefinitionsFeed): void {
  let source: EventSource | undefined;
  const look = (): void => {
    source?.close();
    if (document.hidden) return;
    source = new EventSource(url);
    source.addEventListener('definitions', ({ data }) => {
      if (JSON.parse(data).version !== feed.known()?.version) void feed.refresh();
    });
  };
  document.addEventListener('visibilitychange', look);
  look();
}
