/** What the shop uses of the SDK that `/millrace.js` defines. */
export interface ShopAnalytics {
  track(event: string, properties?: object): void;
  identify(userId: string, traits?: object): void;
  page(name: string): void;
  reset(): void;
}

declare global {
  interface Window {
    millrace?: { createAnalytics(options: { writeKey: string; host: string }): ShopAnalytics };
  }
}

const silent: ShopAnalytics = { track() {}, identify() {}, page() {}, reset() {} };

/** The shop's client; `problem` says why nothing is measured, if so. */
export function createShopAnalytics(): { analytics: ShopAnalytics; problem: string | null } {
  const writeKey = readWriteKey();
  if (!window.millrace) return { analytics: silent, problem: '/millrace.js did not load' };
  if (!writeKey) return { analytics: silent, problem: 'open the shop from the live page' };
  return { analytics: window.millrace.createAnalytics({ writeKey, host: location.origin }), problem: null };
}

/** The key in the page, which the server puts there, or else the one in the address. */
function readWriteKey(): string | null {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="millrace-write-key"]');
  const address = new URL(location.href);
  const given = address.searchParams.get('key');
  if (given !== null) {
    // Out of the address before a page event takes it along.
    address.searchParams.delete('key');
    history.replaceState(history.state, '', address);
  }
  return meta?.content || given;
}
