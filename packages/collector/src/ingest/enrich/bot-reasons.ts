const PATTERNS: readonly [reason: string, pattern: RegExp][] = [
  // "cubot" makes telephones.
  ['crawler', /(?<!cu)bot\b|crawl|spider|slurp|mediapartners|baiduspider|yandex\.com\/bots|archiver/i],
  [
    'link_preview',
    /facebookexternalhit|facebookcatalog|embedly|whatsapp\/|skypeuripreview|bitlybot|preview/i,
  ],
  [
    'monitor',
    /pingdom|uptime|statuscake|site24x7|newrelicpinger|datadog|checkly|lighthouse|pagespeed|gtmetrix/i,
  ],
  ['headless', /headless|phantomjs|slimerjs|electron\/.*puppeteer|puppeteer|playwright|selenium|webdriver/i],
  [
    'http_client',
    /^(?:curl|wget|python|go-http-client|java\/|okhttp|axios|node|undici|ruby|php|perl|libwww|apache-httpclient|postmanruntime|insomnia|httpie)\b/i,
  ],
];

/**
 * Why a user agent is not a person's browser, by its own words; empty when nothing says so. Events
 * of bots are marked, never refused: whoever reads decides.
 */
export function botReasons(userAgent: string): string[] {
  return PATTERNS.filter(([, pattern]) => pattern.test(userAgent)).map(([reason]) => reason);
}
