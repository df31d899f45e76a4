/** The name of the browser SDK's cookie, which holds the visitor's anonymous id. */
export function visitorCookieName(writeKey: string): string {
  return `millrace_${writeKey}`;
}

/** The id in the browser SDK's cookie. */
export function readVisitorId(header: string | null | undefined, writeKey: string): string | undefined {
  return readCookieText(header, visitorCookieName(writeKey));
}

/** The text in a cookie of the browser SDK: `text:time` where a page has set it, `text` where a server has. */
export function readCookieText(header: string | null | undefined, name: string): string | undefined {
  try {
    return decodeURIComponent(readCookie(header, name)?.split(':')[0] ?? '') || undefined;
  } catch {
    return undefined;
  }
}

function readCookie(header: string | null | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key = '', ...value] = pair.split('=');
    if (key.trim() === name) return value.join('=').trim();
  }
  return undefined;
}
