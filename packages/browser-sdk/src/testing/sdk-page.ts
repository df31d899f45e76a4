import type { autocapture } from '../autocapture/index.ts';
import type { createAnalytics } from '../client.ts';
import type { addressOverrides } from '../overrides/index.ts';
import type { push } from '../push/index.ts';
import type { rules } from '../rules/index.ts';
import type { createAnalytics as withVariants } from '../variants/index.ts';
import type { webVitals } from '../web-vitals/index.ts';

/** A page of its own within the test's, of the same origin, that can be left and come back. */
export interface SdkPage {
  window: typeof globalThis &
    Window & {
      createAnalytics: typeof createAnalytics;
      autocapture: typeof autocapture;
      webVitals: typeof webVitals;
      withVariants: typeof withVariants;
      addressOverrides: typeof addressOverrides;
      push: typeof push;
      rules: typeof rules;
    };
  /** Loads the page anew: what ran in it ends, what it stored stays. */
  reload(): Promise<void>;
  /** Leaves the page for an empty one. */
  leave(): Promise<void>;
  close(): void;
}

/** Opens a page that holds the SDK; `query` as in `?utm_source=mail`. */
export async function openSdkPage(query = ''): Promise<SdkPage> {
  const frame = document.createElement('iframe');
  const load = (start: () => void): Promise<void> =>
    new Promise((resolve) => {
      frame.addEventListener('load', () => resolve(), { once: true });
      start();
    });
  const inside = () => frame.contentWindow as SdkPage['window'];
  await load(() => {
    frame.src = `/sdk-page${query}`;
    document.body.append(frame);
  });
  return {
    get window() {
      return inside();
    },
    reload: () => load(() => inside().location.reload()),
    leave: () => load(() => inside().location.assign('about:blank')),
    close: () => frame.remove(),
  };
}
