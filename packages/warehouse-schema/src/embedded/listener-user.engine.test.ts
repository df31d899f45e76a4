import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { findFreePort } from './free-port.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ migrated: false });
});
afterAll(() => engine.close());

const STOP = 'SYSTEM STOP LISTEN HTTP';
const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });

/** What anyone may send who knows no password: the path and the headers. */
const NO_PASSWORD: [how: string, path: string, headers: Record<string, string>][] = [
  ['no user', '/', {}],
  ['the user in the address', '/?user=default', {}],
  ['an empty password in the address', '/?user=default&password=', {}],
  ['the user in a header', '/', { 'X-ClickHouse-User': 'default' }],
  ['the user in basic authentication', '/', basic('default:')],
  ['a session of its own', '/?session_id=one', {}],
  ['the limit of sessions lifted', '/?max_sessions_for_user=0&session_id=two', {}],
  ['a profile of another user', '/?profile=default', {}],
  ['the headers of a web page', '/', { Origin: 'https://example.com', 'Content-Type': 'text/plain' }],
];

describe('the user that starts the listeners', () => {
  it.each(NO_PASSWORD)('lets no one in with %s', async (_how, path, headers) => {
    for (const body of [
      'SELECT 1',
      STOP,
      'SET max_sessions_for_user = 0',
      'SELECT count() FROM system.numbers',
    ]) {
      const answer = await fetch(engine.url + path, { method: 'POST', body, headers });
      expect.soft(answer.status, body).toBeGreaterThanOrEqual(400);
      expect.soft(await answer.text(), body).toContain('USER_SESSION_LIMIT_EXCEEDED');
    }
    const read = await fetch(`${engine.url}${path}${path.includes('?') ? '&' : '?'}query=SELECT+1`, {
      headers,
    });
    expect(read.status).toBeGreaterThanOrEqual(400);
    expect(await engine.admin.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });

  it('lets no one in however many ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, () => fetch(engine.url, { method: 'POST', body: STOP })),
    );
    await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.filter(({ ok }) => ok)).toEqual([]);
    expect(await engine.admin.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });

  it('lets no one in after a crash and a new start', async () => {
    await engine.restart('SIGKILL');
    const answer = await fetch(engine.url, { method: 'POST', body: STOP });
    expect(await answer.text()).toContain('USER_SESSION_LIMIT_EXCEEDED');
    expect(await engine.admin.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });

  it('lets no one in while the listeners come up', async () => {
    const httpPort = await findFreePort(0, '127.0.0.1');
    let refused = 0;
    let admitted = 0;
    let starting = true;
    const knock = async () => {
      while (starting) {
        const answer = await fetch(`http://127.0.0.1:${httpPort}/`, { method: 'POST', body: STOP }).catch(
          () => undefined,
        );
        if (answer?.ok) admitted += 1;
        else if (answer !== undefined) refused += 1;
        await answer?.text();
      }
    };
    const knocking = Promise.all([knock(), knock(), knock()]);
    try {
      const other = await startTestEngine({ migrated: false, httpPort });
      await expect.poll(() => refused, { interval: 5 }).toBeGreaterThan(0);
      expect(await other.admin.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
      await other.close();
    } finally {
      starting = false;
      await knocking;
    }
    expect(admitted).toBe(0);
  });
});
