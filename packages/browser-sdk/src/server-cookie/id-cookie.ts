/** Longer than 400 days no browser keeps a cookie. */
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60;

/** How the cookie is set. */
export interface IdCookieOptions {
  /** The write key of the page's client. */
  writeKey: string;
  /** As the client's `cookieDomain`: the domain that the pages share, as in `example.com`. */
  domain: string;
  /** False for plain HTTP, as on a developer's machine. @default true */
  secure?: boolean;
  /** The id for a visitor without one; without it, no cookie is made where there is none. */
  newId?: () => string;
}

/**
 * The value of a `Set-Cookie` header that keeps the anonymous id of a visitor for 400 days, or undefined where there is
 * nothing to keep. Safari forgets after seven days what a script wrote, and so whom it has seen, but not what the site's
 * own server set: send it with the answers that are pages. `cookieHeader` is the request's `Cookie`.
 *
 * The script reads the cookie, so it is not `HttpOnly`; it is the id of nobody's account.
 */
export function idCookie(
  cookieHeader: string | null | undefined,
  { writeKey, domain, secure = true, newId }: IdCookieOptions,
): string | undefined {
  if (!/^[\w-]+$/.test(writeKey)) throw new TypeError('idCookie: "writeKey" must be a write key');
  if (!/^[a-z0-9.-]+$/i.test(domain))
    throw new TypeError('idCookie: "domain" must be a domain like "example.com"');
  const name = `millrace_${writeKey}`;
  const value = readCookie(cookieHeader ?? '', name) ?? (newId && encodeURIComponent(newId()));
  if (!value) return undefined;
  const parts = [
    `${name}=${value}`,
    `Domain=${domain}`,
    'Path=/',
    `Max-Age=${MAX_AGE_SECONDS}`,
    'SameSite=Lax',
  ];
  return [...parts, ...(secure ? ['Secure'] : [])].join('; ');
}

/** The id as it came, if it is one that a header may carry; a page writes the time after it, behind a `:`. */
function readCookie(header: string, name: string): string | undefined {
  const pair = header.split(/;\s*/).find((each) => each.startsWith(`${name}=`));
  const value = pair?.slice(name.length + 1).split(':')[0];
  return value && /^[\w.~%!*'()-]{1,400}$/.test(value) ? value : undefined;
}
