import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a webhook was sent, as it came. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  message: {
    type: string;
    data: {
      id: string;
      alert: string;
      began: string | null;
      ended: string | null;
      value: number | null;
      summary: string;
    };
  };
}

/** A receiver of alerts on loopback. What it answers is the status that `answer` resolves with. */
export interface WebhookReceiver {
  /** `host:port`. */
  host: string;
  got: Received[];
  answer: (received: Received) => Promise<number>;
  close(): void;
}

/** Listens on a free port, and answers everything with 204 until told otherwise. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    const received = { headers: request.headers, body, message: JSON.parse(body) as Received['message'] };
    receiver.got.push(received);
    response.writeHead(await receiver.answer(received)).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: WebhookReceiver = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    got: [],
    answer: async () => 204,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return receiver;
}

/** The signature that Standard Webhooks asks for, computed from its text alone. */
export function expectedSignature({ headers, body }: Received, secret: string): string {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
