const LONGEST = 100;

/** A short text on one line, without what looks like an address of mail, a telephone or a card number. */
export function scrub(text: string, longest = LONGEST): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[^\s@<>"',;]+@[^\s@<>"',;]+/g, '***')
    .replace(/\d(?:[ .()/-]{0,2}\d){6,}/g, '***')
    .trim()
    .slice(0, longest);
}

/** An address without query, fragment and credentials; of one that is not http only the scheme. */
export function bareUrl(href: string): string {
  const { protocol, origin, pathname } = new URL(href, document.baseURI);
  return /^https?:$/.test(protocol) ? origin + pathname : protocol;
}
