import { describe, expect, it } from 'vitest';
import { LogUnavailableError } from '../log/event-log.ts';
import { createFixture, NOW, trackEvent } from '../testing/collector-fixture.ts';

const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` });

describe('POST /v1/batch', () => {
  it('answers success once the events are in the log', async () => {
    const { post, log } = createFixture();
    const response = await post('/v1/batch', { batch: [trackEvent()], writeKey: 'wk_test' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"success":true}');
    expect(log.rows()).toMatchObject([
      { project_id: 7, message_id: 'm1', event: 'Clicked', received_at: NOW },
    ]);
    expect(log.records[0]?.meta).toMatchObject({ v: 1, projectId: 7, receivedAt: NOW, rejected: 0 });
  });

  it('does not answer before the log has the record', async () => {
    let stored = () => {};
    const { post, log } = createFixture();
    log.append = () => new Promise<void>((resolve) => (stored = resolve));
    let answered = false;
    const response = Promise.resolve(post('/v1/b', { batch: [trackEvent()], writeKey: 'wk_test' })).then(
      (r) => {
        answered = true;
        return r;
      },
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    stored();
    expect((await response).status).toBe(200);
  });

  it('gives one verdict per event, in request order', async () => {
    const { batch, log } = createFixture();
    const { messageId: _, ...anonymous } = trackEvent();
    const answer = await batch([
      trackEvent({ messageId: 'a' }),
      trackEvent({ messageId: 'b', event: '' }),
      anonymous,
      trackEvent({ messageId: 'a' }),
    ]);
    expect(answer).toEqual({
      status: 200,
      success: true,
      verdicts: [
        { messageId: 'a', status: 'ok' },
        { messageId: 'b', status: 'rejected', reason: 'invalid_event' },
        { messageId: 'made-1', status: 'ok', reason: 'no_message_id' },
        { messageId: 'a', status: 'ok' },
      ],
    });
    expect(log.records).toHaveLength(1);
    expect(log.rows()).toHaveLength(3);
    expect(log.rejected()).toHaveLength(1);
  });

  it('says when each event was made, where that can be known', async () => {
    const { batch, log } = createFixture();
    const at = (ms: number) => ({ timestamp: new Date(NOW - ms).toISOString() });
    const events = [trackEvent(at(5_000)), trackEvent(at(-1)), trackEvent({ ...at(5_000), messageId: null })];
    await batch(events, { sentAt: new Date(NOW).toISOString() });
    await batch(events);
    const madeAt = log.records.map(({ meta }) => meta.marks.map((mark) => mark[1]));
    expect(madeAt).toEqual([
      [NOW - 5_000, null, NOW],
      [null, null, NOW],
    ]);
  });

  it('hashes what the client said, and nothing that a retry changes', async () => {
    const { batch, log } = createFixture();
    const hashes = async (event: Record<string, unknown>, sentAt = NOW) => {
      await batch([event], { sentAt: new Date(sentAt).toISOString() });
      return log.records.at(-1)?.meta.marks[0]?.[2];
    };
    const hash = await hashes(trackEvent());
    expect(await hashes(trackEvent({ context: { locale: 'de' } }), NOW + 60_000)).toBe(hash);
    expect(await hashes({ ...trackEvent(), integrations: { ' ': 1 } })).toBe(hash);
    const others = [{ event: 'Other' }, { anonymousId: 'b' }, { userId: 'u' }, { sessionId: 's' }];
    const more = [
      { properties: { a: 1 } },
      { traits: { a: 1 } },
      { timestamp: new Date(NOW - 1).toISOString() },
    ];
    for (const change of [...others, ...more]) expect(await hashes(trackEvent(change))).not.toBe(hash);
    expect(log.rows()[0]?.content_hash).toBe(hash);
  });

  it('takes an empty batch and stores nothing', async () => {
    const { batch, log } = createFixture();
    expect(await batch([])).toEqual({ status: 200, success: true, verdicts: [] });
    expect(log.records).toHaveLength(0);
  });

  it('lays the context of the batch beneath that of its events', async () => {
    const { batch, log } = createFixture();
    await batch([trackEvent({ context: { locale: 'de-DE' } })], {
      context: { locale: 'en-US', timezone: 'Europe/Berlin' },
    });
    expect(log.rows()).toMatchObject([{ locale: 'de-DE', timezone: 'Europe/Berlin' }]);
  });

  it.each([
    ['no batch', { writeKey: 'wk_test' }, 'batch'],
    ['a batch that is an object', { writeKey: 'wk_test', batch: {} }, 'batch'],
    ['a sentAt that is no time', { writeKey: 'wk_test', batch: [], sentAt: 'yesterday' }, 'sentAt'],
    ['a sentAt of a wrong type', { writeKey: 'wk_test', batch: [], sentAt: {} }, 'sentAt'],
  ])('refuses %s with 400 and names the field', async (_, body, field) => {
    const { post } = createFixture();
    const response = await post('/v1/batch', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      success: false,
      error: { code: 'malformed_batch', field },
    });
  });

  it('refuses more events than it takes at once', async () => {
    const { post } = createFixture();
    const response = await post('/v1/batch', { writeKey: 'wk_test', batch: Array(10_001).fill(0) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'too_many_events', field: 'batch' } });
  });

  it('answers 503 with Retry-After while the log takes nothing', async () => {
    const { post, log } = createFixture();
    log.failWith = new LogUnavailableError('log_full', 'the disk of /secret is full', 4_200);
    const response = await post('/v1/batch', { batch: [trackEvent()], writeKey: 'wk_test' });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ success: false, error: { code: 'log_full' } });
    expect(text).not.toContain('secret');
  });

  it('answers 500 without showing what failed', async () => {
    const { post, log } = createFixture();
    log.failWith = new Error('connect ECONNREFUSED db.internal');
    const response = await post('/v1/batch', { batch: [trackEvent()], writeKey: 'wk_test' });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('db.internal');
  });
});

describe('the routes of one event', () => {
  it.each([
    ['track', 't', 'Clicked'],
    ['identify', 'i', '$identify'],
    ['page', 'p', '$page'],
    ['screen', 's', '$screen'],
    ['group', 'g', '$group'],
    ['alias', 'a', '$alias'],
  ])('/v1/%s and /v1/%s store %s', async (long, short, event) => {
    const { post, log } = createFixture();
    const { type: _, ...body } = trackEvent({ writeKey: 'wk_test' });
    expect((await post(`/v1/${long}`, body)).status).toBe(200);
    expect((await post(`/v1/${short}`, body)).status).toBe(200);
    expect(log.rows()).toMatchObject([
      { type: long, event },
      { type: long, event },
    ]);
  });

  it.each([
    ['event', { event: undefined }, 400, 'invalid_event', 'event'],
    ['userId', { anonymousId: null }, 400, 'invalid_event', 'userId'],
    ['properties', { properties: [1] }, 400, 'invalid_event', 'properties'],
    ['messageId', { messageId: 'x'.repeat(129) }, 400, 'invalid_event', 'messageId'],
    ['timestamp', { timestamp: 'soon' }, 400, 'invalid_event', 'timestamp'],
    ['sentAt', { sentAt: 'soon' }, 400, 'invalid_event', 'sentAt'],
    ['timestamp', { timestamp: '1970-01-01T00:00:00Z' }, 400, 'timestamp_out_of_range', 'timestamp'],
    [undefined, { properties: { blob: 'x'.repeat(33_000) } }, 413, 'event_too_large', undefined],
  ])('names %s as the field at fault and stores nothing: %j', async (_, change, status, code, field) => {
    const { post, log } = createFixture();
    const response = await post('/v1/track', trackEvent({ writeKey: 'wk_test', ...change }));
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: Record<string, string> };
    expect(error.code).toBe(code);
    expect(error.field).toBe(field);
    expect(log.records).toHaveLength(0);
  });

  it('gives a verdict to a client that asks', async () => {
    const { post } = createFixture();
    const { messageId: _, ...event } = trackEvent({ writeKey: 'wk_test', verdicts: 1 });
    expect(await (await post('/v1/t', event)).json()).toEqual({
      success: true,
      verdicts: [{ messageId: 'made-1', status: 'ok', reason: 'no_message_id' }],
    });
  });
});

describe('POST /track', () => {
  const body = { user_id: 'u1', event_type: 'signup', properties: { plan: 'pro' }, session_id: 's1' };

  it('takes the short form for the demo project from this machine, without a key', async () => {
    const { post, log } = createFixture();
    const response = await post('/track', body, { from: '127.0.0.1' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ success: true, event_id: 'made-1' });
    expect(log.rows()).toMatchObject([
      {
        project_id: 1,
        type: 'track',
        event: 'signup',
        user_id: 'u1',
        session_id: 's1',
        properties: { plan: 'pro' },
        timestamp: NOW,
      },
    ]);
  });

  it('wants a key from any other machine', async () => {
    const { post, log } = createFixture();
    expect((await post('/track', body)).status).toBe(401);
    expect((await post('/track', { ...body, writeKey: 'wk_test' })).status).toBe(200);
    expect(log.rows()).toMatchObject([{ project_id: 7 }]);
  });

  it('wants a key from a client behind a local proxy', async () => {
    const { post } = createFixture();
    const response = await post('/track', body, {
      from: '127.0.0.1',
      headers: { 'x-forwarded-for': '203.0.113.9' },
    });
    expect(response.status).toBe(401);
  });

  it('wants a key on loopback too where no demo is offered', async () => {
    const { post } = createFixture({ demoKeyOnLoopback: undefined });
    expect((await post('/track', body, { from: '::1' })).status).toBe(401);
  });

  it('calls fields by the names of the short form', async () => {
    const { post } = createFixture();
    const response = await post('/track', { user_id: 'u1' }, { from: '::1' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { field: 'event_type' } });
  });
});

describe('the write key', () => {
  const batch = [trackEvent()];

  it.each([
    ['Basic auth', '/v1/batch', basic('wk_test'), {}],
    ['a Bearer token', '/v1/batch', { authorization: 'Bearer wk_test' }, {}],
    ['x-write-key', '/v1/batch', { 'x-write-key': 'wk_test' }, {}],
    ['the query', '/v1/batch?writeKey=wk_test', {}, {}],
    ['the body', '/v1/batch', {}, { writeKey: 'wk_test' }],
  ])('is taken from %s', async (_, path, headers: Record<string, string>, extra) => {
    const { post, log } = createFixture();
    expect((await post(path, { batch, ...extra }, { headers })).status).toBe(200);
    expect(log.rows()).toMatchObject([{ project_id: 7 }]);
  });

  it.each([
    ['missing', {}, 'missing_write_key'],
    ['unknown', { writeKey: 'wk_other' }, 'unknown_write_key'],
    ['no string', { writeKey: 7 }, 'missing_write_key'],
  ])('that is %s is a 401', async (_, extra, code) => {
    const { post, log } = createFixture();
    const response = await post('/v1/batch', { batch, ...extra });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ success: false, error: { code, field: 'writeKey' } });
    expect(log.records).toHaveLength(0);
  });

  it('that cannot be looked up now is a 503', async () => {
    const { post } = createFixture({ projects: { lookup: () => Promise.reject(new Error('no database')) } });
    const response = await post('/v1/batch', { batch, writeKey: 'wk_test' });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
  });
});
