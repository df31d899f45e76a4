const LIFE_SECONDS = 400 * 24 * 60 * 60;

/** The cookie that carries the anonymous id from one subdomain to the others. */
export interface IdCookie {
  /** The id; empty without a cookie. */
  readId(): string;
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
  const readId = (): string => {
    try {
      return mayStore() ? decodeURIComponent(readRaw().split(':')[0] as string) : '';
    } catch {
      return '';
    }
  };
  /** Whether the cookie is as it should be, or may not be set. */
  const mayStay = (id: string): boolean => {
    const raw = readRaw();
    return id ? !mayStore() || (id === readId() && !raw.includes(':')) : !raw;
  };
  /** Writes the cookie to each domain, from the widest, until one takes it; those such as "com" are refused. */
  const write = (text: string, seconds: number): void => {
    let tried = '';
    for (const label of [...(domain ? [domain] : location.hostname.split('.').reverse()), '']) {
      tried = label && (tried ? `${label}.${tried}` : label);
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous.
      document.cookie = `${name}=${text};path=/;samesite=lax;max-age=${seconds};domain=${tried}`;
      // A text that is new, so that it is seen whether it was taken.
      if (text && readRaw() === text) return;
    }
  };
  return {
    readId,
    writeId(id) {
      try {
        if (!mayStay(id)) write(id && `${encodeURIComponent(id)}:${Date.now()}`, id ? LIFE_SECONDS : 0);
      } catch {
        // Blocked, as in a sandbox.
      }
    },
  };
}
