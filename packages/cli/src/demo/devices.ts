/** A browser on a device, as it describes itself. */
export interface Device {
  userAgent: string;
  kind: 'desktop' | 'mobile' | 'tablet' | 'bot';
  screen: { width: number; height: number; density: number };
  /** How common it is, against the others. */
  share: number;
}

const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';

/** What the visitors of the demo shop use. */
export const DEVICES: readonly Device[] = [
  device(24, 'mobile', 393, 852, 3, `${IPHONE} Version/18.6 Mobile/15E148 Safari/604.1`),
  device(
    20,
    'mobile',
    412,
    915,
    2.6,
    `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} Chrome/141.0.0.0 Mobile Safari/537.36`,
  ),
  device(
    6,
    'mobile',
    360,
    780,
    3,
    `Mozilla/5.0 (Linux; Android 15; SM-S921B) ${WEBKIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
  ),
  device(3, 'mobile', 393, 852, 3, `${IPHONE} CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1`),
  device(17, 'desktop', 1920, 1080, 1, `${WINDOWS} ${WEBKIT} Chrome/141.0.0.0 Safari/537.36`),
  device(6, 'desktop', 1536, 864, 1.25, `${WINDOWS} ${WEBKIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`),
  device(
    4,
    'desktop',
    1920,
    1080,
    1,
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0',
  ),
  device(8, 'desktop', 1512, 982, 2, `${MAC} ${WEBKIT} Chrome/141.0.0.0 Safari/537.36`),
  device(
    7,
    'desktop',
    1470,
    956,
    2,
    `${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15`,
  ),
  device(
    1,
    'desktop',
    2560,
    1440,
    1,
    'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  ),
  device(
    4,
    'tablet',
    820,
    1180,
    2,
    'Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  ),
];

/** Programs that read shops; they never buy. */
export const BOTS: readonly Device[] = [
  device(
    3,
    'bot',
    1024,
    1024,
    1,
    `Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/141.0.0.0 Safari/537.36`,
  ),
  device(1, 'bot', 1024, 768, 1, 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)'),
  device(
    1,
    'bot',
    1920,
    1080,
    1,
    `Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} HeadlessChrome/141.0.0.0 Safari/537.36`,
  ),
];

function device(
  share: number,
  kind: Device['kind'],
  width: number,
  height: number,
  density: number,
  userAgent: string,
): Device {
  return { userAgent, kind, screen: { width, height, density }, share };
}
