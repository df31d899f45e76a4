import { describe, expect, it } from 'vitest';
import { botReasons } from './bot-reasons.ts';
import { parseUserAgent, userAgentStep } from './user-agent.ts';

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const PIXEL =
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36';

const read = (context: Record<string, unknown>, header?: string) =>
  userAgentStep.read({
    type: 'track',
    context,
    properties: {},
    request: { ip: undefined, userAgent: header },
  })[0];

describe('the user agent', () => {
  it('gives browser, system and device', () => {
    expect(parseUserAgent(CHROME)).toEqual({
      user_agent: CHROME,
      browser: 'Chrome',
      browser_version: '142.0.0.0',
      os: 'Windows',
      os_version: '10',
      device_type: 'desktop',
    });
    expect(parseUserAgent(PIXEL)).toMatchObject({
      os: 'Android',
      device_type: 'mobile',
      device_model: 'Pixel 9',
    });
  });

  it('is the one of the context before the one of the request', () => {
    expect(read({ userAgent: PIXEL }, CHROME)).toBe(PIXEL);
    expect(read({}, CHROME)).toBe(CHROME);
  });

  it('is not that of a server that reports for others', () => {
    expect(read({}, 'curl/8.5.0')).toBeUndefined();
    expect(read({}, 'node')).toBeUndefined();
  });

  it('gives way to what an app says of its device', () => {
    expect(userAgentStep.derive(CHROME, 'tablet', 'Acme', 'T1', 'AcmeOS', '3')).toMatchObject({
      device_type: 'tablet',
      device_vendor: 'Acme',
      device_model: 'T1',
      os: 'AcmeOS',
      os_version: '3',
    });
    expect(userAgentStep.derive(CHROME, 'android', undefined, undefined, undefined, undefined)).toMatchObject(
      {
        device_type: 'desktop',
      },
    );
  });
});

describe('bot reasons', () => {
  it.each([
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', ['crawler']],
    ['Mozilla/5.0 (compatible; bingbot/2.0)', ['crawler']],
    ['facebookexternalhit/1.1', ['link_preview']],
    ['Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/142.0.0.0', ['headless']],
    ['curl/8.5.0', ['http_client']],
    ['python-requests/2.32', ['http_client']],
    ['Mozilla/5.0 Chrome/142 Chrome-Lighthouse', ['monitor']],
    [CHROME, []],
    [PIXEL, []],
    [
      'Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36',
      [],
    ],
  ])('of %s are %j', (userAgent, reasons) => {
    expect(botReasons(userAgent)).toEqual(reasons);
  });

  it('mark the event, whatever device is claimed', () => {
    expect(
      userAgentStep.derive('curl/8.5.0', 'desktop', undefined, undefined, undefined, undefined),
    ).toMatchObject({
      is_bot: true,
      bot_reasons: ['http_client'],
      device_type: 'bot',
    });
  });
});
