const LIFE_SECONDS = 400 * 24 * 60 * 60;

/** The cookie that carries the anonymous id from one subdomain to the others. */
export interface IdCookie {
  /** The id; nothing without a cookie. */
  readId(): string | false;
  /** Sets the id, or prolongs it; an empty one removes the cookie. Nothing happens where cookies are blocked. */
  writeId(id: string): void;
}

/**
 * The cookie `name` on `domain`, or else on the widest domain that takes a cookie. What the page sets ends in `:` and
 * the time, so that a cookie without, which a server has set, is not written again: Safari would cut its life to that
 * of a page's. Without `mayStore` it is only removed.
 */
export function createIdCookie(name: string, domain: string | undefined, mayStore: () => boolean): IdCookie {
  const readRaw = (): string => `; ${document.cookie}`.split(`; ${name}=`)[1]?.split(';')[0] ?? '';
  /** Writes `value` to each domain, from the widest, until one takes it; those such as "com" are refused. */
  const write = (value: string): void => {
    let tried = '';
    for (const label of [...(domain ? [domain] : location.hostname.split('.').reverse()), '']) {
      tried = label && (tried ? `${label}.${tried}` : label);
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous.
      document.cookie = `${name}=${value};path=/;samesite=lax;max-age=${value ? LIFE_SECONDS : 0};domain=${tried}`;
      if (value && readRaw() === value) return;
    }
  };
  return {
    readId() {
      try {
        return mayStore() && decodeURIComponent(readRaw().split(':')[0] as string);
      } catch {
        return '';
      }
    },
    writeId(id) {
      try {
        const value = encodeURIComponent(id);
        // A value that is new, so that it is seen whether it was taken.
        if (readRaw() !== value && (mayStore() || !id)) write(value && `${value}:${Date.now()}`);
      } catch {
        // Blocked, as in a sandbox.
      }
    },
  };
}
