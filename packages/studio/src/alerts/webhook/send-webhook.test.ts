import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPublicAddress } from './public-address.ts';
import { readWebhookUrl, sendWebhook } from './send-webhook.ts';

const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;

let server: Server;
let origin: string;
let got: { request: IncomingMessage; body: string }[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  got = [];
  answer = (response) => response.writeHead(204).end();
  server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    got.push({ request, body });
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const message = (url: string) => ({ url, id: 'id-1', body: '{"a":"ü"}', secret: SECRET });
/** Resolves every name to these addresses, in turns. */
function resolving(...turns: string[][]): LookupFunction {
  return (_name, _options, callback) => {
    const addresses = (turns.length > 1 ? turns.shift() : turns[0]) ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

describe('a webhook', () => {
  it('gets the body, signed so that it can be told from any other', async () => {
    const now = Date.UTC(2026, 10, 21, 12);
    const sent = await sendWebhook(message(`http://${origin}/hook?x=1`), { privateHosts: [origin] }, now);
    expect(sent).toEqual({ delivered: true, status: 204, error: null });
    const [{ request, body }] = got as [(typeof got)[number]];
    expect([request.method, request.url, body]).toEqual(['POST', '/hook?x=1', '{"a":"ü"}']);
    const timestamp = String(now / 1000);
    const key = Buffer.from('0123456789abcdef0123456789abcdef');
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'id-1',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${createHmac('sha256', key).update(`id-1.${timestamp}.${body}`).digest('base64')}`,
    });
  });

  it('is not sent to an address beside the public internet unless its host and port are allowed', async () => {
    const refused = {
      delivered: false,
      status: null,
      error: expect.stringContaining('MILLRACE_WEBHOOK_HOSTS'),
    };
    const port = origin.split(':')[1];
    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '2130706433',
      '0x7f.1',
      '0',
    ]) {
      for (const privateHosts of [[], ['127.0.0.1:1'], ['example.org:80']]) {
        expect(await sendWebhook(message(`http://${host}:${port}/`), { privateHosts })).toEqual(refused);
      }
    }
    const among = { privateHosts: [], lookup: resolving(['93.184.216.34', '10.0.0.1']) };
    expect(await sendWebhook(message('https://hooks.example/'), among)).toEqual(refused);
    expect(got).toEqual([]);
  });

  it('goes to the address that was judged, not to what the name says afterwards', async () => {
    // The first answer is the only one: nothing resolves the name again.
    const lookup = resolving(['192.0.2.1'], ['127.0.0.1']);
    const port = origin.split(':')[1];
    const first = await sendWebhook(message(`http://rebind.example:${port}/`), { privateHosts: [], lookup });
    expect(first.error).toContain('192.0.2.1');
    const second = await sendWebhook(message(`http://rebind.example:${port}/`), { privateHosts: [], lookup });
    expect(second.error).toContain('127.0.0.1');
    expect(got).toEqual([]);
  });

  it('follows no redirect, and says what went wrong', async () => {
    const policy = { privateHosts: [origin] };
    answer = (response) => response.writeHead(302, { location: `http://${origin}/other` }).end();
    expect(await sendWebhook(message(`http://${origin}/`), policy)).toMatchObject({
      delivered: false,
      status: 302,
    });
    expect(got).toHaveLength(1);
    answer = () => {};
    const hasty = { ...policy, timeoutMs: 300 };
    expect(await sendWebhook(message(`http://${origin}/`), hasty)).toMatchObject({
      status: null,
      error: 'no answer within 0.3 seconds',
    });
    answer = (response) => response.destroy();
    expect(await sendWebhook(message(`http://${origin}/`), policy)).toMatchObject({
      error: 'socket hang up',
    });
    const nowhere = {
      privateHosts: [],
      lookup: ((_name, _options, callback) => callback(new Error('ENOTFOUND'), [])) as LookupFunction,
    };
    expect(await sendWebhook(message('https://none.example/'), nowhere)).toMatchObject({
      error: 'ENOTFOUND',
    });
  });

  it('is not held by an answer without an end', async () => {
    answer = (response) => {
      response.writeHead(200);
      response.write('x');
    };
    expect(await sendWebhook(message(`http://${origin}/`), { privateHosts: [origin] })).toMatchObject({
      delivered: true,
    });
  });

  it.each([
    'ftp://example.org/',
    'example.org',
    'https://user:secret@example.org/',
    'file:///etc/passwd',
    'http://169.254.169.254/latest',
  ])('cannot be %s', (text) => {
    expect(() => readWebhookUrl(text, { privateHosts: [] })).toThrow();
  });
});

it('knows the addresses of the public internet', () => {
  for (const address of [
    '8.8.8.8',
    '93.184.216.34',
    '172.15.0.1',
    '172.32.0.1',
    '2606:4700::1111',
    '2a00::1',
  ])
    expect(isPublicAddress(address), address).toBe(true);
  for (const address of [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.255.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    'fc00::1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    '2001:db8::1',
    '2002:a00:1::',
    'localhost',
    '',
  ])
    expect(isPublicAddress(address), address).toBe(false);
});
