const BOT =
  /[^u]bot\b|crawl|spider|slurp|headless|lighthouse|prerender|preview|facebookexternalhit|ptst\/|python-|curl\/|wget\/|go-http-client/i;

/** Whether a User-Agent is one that names itself a program. What it uses is no exposure. */
export function isBot(userAgent: unknown): boolean {
  return typeof userAgent === 'string' && BOT.test(userAgent);
}
