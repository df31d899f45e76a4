import { createHmac } from 'node:crypto';

/** A message as it goes over the wire: the scheme of standardwebhooks.com. */
export interface SignedHeaders {
  'content-type': 'application/json';
  'user-agent': 'Millrace';
  /** The same at every attempt: by it a receiver knows what it has had. */
  'webhook-id': string;
  /** When it was sent, Unix seconds: a receiver refuses what is old. */
  'webhook-timestamp': string;
  /** `v1,` and HMAC-SHA-256 in base64 over `<id>.<timestamp>.<body>`. */
  'webhook-signature': string;
}

/** The headers of a message. `secret` is `whsec_` and the key in base64. */
export function signMessage(
  { id, body, secret }: { id: string; body: string; secret: string },
  now: number,
): SignedHeaders {
  const timestamp = String(Math.floor(now / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'user-agent': 'Millrace',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
