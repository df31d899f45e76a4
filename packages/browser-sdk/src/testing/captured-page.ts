import { onTestFinished } from 'vitest';
import type { AutocaptureClient, AutocaptureOptions } from '../autocapture/index.ts';
import { openSdkPage, type SdkPage } from './sdk-page.ts';

/** What was tracked: the event's name, or `page`, and its properties. */
type Captured = [name: string, properties: Record<string, unknown>];

/** A page with autocapture whose client only notes what it is told. */
export interface CapturedPage {
  page: SdkPage;
  document: Document;
  client: AutocaptureClient;
  captured: Captured[];
  /** The properties of the events of one name. */
  of(name: string): Record<string, unknown>[];
  /** The next event that is tracked. */
  next(): Promise<Captured>;
  /** The page is hidden, as the client tells it. */
  hide(): void;
  start(options?: AutocaptureOptions): () => void;
}

/** Opens a page with this body; `options` start autocapture at once. */
export async function openCapturedPage(body = '', options?: AutocaptureOptions): Promise<CapturedPage> {
  const page = await openSdkPage();
  onTestFinished(page.close);
  const { document } = page.window;
  document.body.innerHTML = body;
  // What would leave the page or reload it, once autocapture has seen it.
  for (const type of ['click', 'auxclick', 'submit']) {
    page.window.addEventListener(type, (event) => event.preventDefault());
  }

  const captured: Captured[] = [];
  const hiders = new Set<() => void>();
  let waiting: ((event: Captured) => void)[] = [];
  const note = (name: string, properties: object = {}): void => {
    const event: Captured = [name, { ...properties }];
    captured.push(event);
    for (const resolve of waiting) resolve(event);
    waiting = [];
  };
  const client: AutocaptureClient = {
    track: note,
    page: (properties) => note('page', properties),
    on(_name, listener) {
      hiders.add(listener);
      return () => void hiders.delete(listener);
    },
  };
  const start = (given: AutocaptureOptions = {}) => page.window.autocapture(client, given);
  if (options) onTestFinished(start(options));
  return {
    page,
    document,
    client,
    captured,
    of: (name) => captured.flatMap(([each, properties]) => (each === name ? [properties] : [])),
    next: () => new Promise((resolve) => void waiting.push(resolve)),
    hide: () => {
      for (const listener of hiders) listener();
    },
    start,
  };
}

/** Everything turned off but what is given. */
export const only = (options: AutocaptureOptions): AutocaptureOptions => ({
  pageViews: false,
  pageLeave: false,
  clicks: false,
  forms: false,
  outbound: false,
  downloads: false,
  rageClicks: false,
  deadClicks: false,
  errors: false,
  ...options,
});
