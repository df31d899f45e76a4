import { lookup as resolveName } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';
import { signMessage } from './sign-message.ts';

/** Where messages may go. */
export interface WebhookPolicy {
  /** `host:port` of receivers that may have a private address; by name or address, as in their URL. */
  privateHosts: readonly string[];
  /** How names are resolved. @default Node's `dns.lookup` */
  lookup?: LookupFunction;
  /** @default 10000 */
  timeoutMs?: number;
}

/** What became of one attempt: the status that was answered, or why there was none. */
export interface Attempt {
  delivered: boolean;
  status: number | null;
  error: string | null;
}

/** An address that no message may go to. */
export class WebhookUrlError extends Error {
  override readonly name = 'WebhookUrlError' as const;
  readonly code = 'invalid_webhook';
}

/**
 * The URL of a webhook, as far as it can be judged before its name is resolved.
 * @throws WebhookUrlError
 */
export function readWebhookUrl(text: string, { privateHosts }: WebhookPolicy): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new WebhookUrlError('expected a URL that begins with https:// or http://');
  }
  if (url.username !== '' || url.password !== '') {
    throw new WebhookUrlError('expected a URL without a user and password');
  }
  const address = hostOf(url);
  if (isIP(address) !== 0 && !isPublicAddress(address) && !isAllowed(url, privateHosts)) {
    throw new WebhookUrlError(refusalOf(url, address));
  }
  return url;
}

/**
 * Sends a message once. Only to addresses of the public internet, or to a host that is allowed to have another: the
 * address is judged where the connection is made, so that a name cannot lead elsewhere by then. No redirect is followed;
 * what is answered is not read. Never throws.
 */
export async function sendWebhook(
  message: { url: string; id: string; body: string; secret: string },
  policy: WebhookPolicy,
  now = Date.now(),
): Promise<Attempt> {
  const { lookup = resolveName as LookupFunction, timeoutMs = 10_000 } = policy;
  let url: URL;
  try {
    url = readWebhookUrl(message.url, policy);
  } catch (error) {
    return { delivered: false, status: null, error: (error as Error).message };
  }
  const allowed = isAllowed(url, policy.privateHosts);
  const checked: LookupFunction = (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [];
      const [first] = addresses;
      if (error || !first) return callback(error ?? new Error(`${hostname} has no address`), '', 0);
      const other = addresses.find(({ address }) => !isPublicAddress(address));
      if (other && !allowed) return callback(new Error(refusalOf(url, other.address)), '', 0);
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });

  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method: 'POST',
      headers: { ...signMessage(message, now), 'content-length': Buffer.byteLength(message.body) },
      lookup: checked,
      // A connection is made for each message, so that each is judged.
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
    });
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      response.destroy();
      const delivered = status >= 200 && status < 300;
      resolve({ delivered, status, error: delivered ? null : `answered ${status}` });
    });
    request.on('error', (error) => {
      const isLate = error.name === 'AbortError' || error.name === 'TimeoutError';
      const words = isLate ? `no answer within ${timeoutMs / 1000} seconds` : error.message;
      resolve({ delivered: false, status: null, error: words.slice(0, 500) });
    });
    request.end(message.body);
  });
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function isAllowed(url: URL, privateHosts: readonly string[]): boolean {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return privateHosts.some((one) => one.toLowerCase() === `${url.hostname}:${port}`);
}

function refusalOf(url: URL, address: string): string {
  return `${url.hostname} has the address ${address}, which is not of the public internet: name it in MILLRACE_WEBHOOK_HOSTS if messages may go there`;
}
