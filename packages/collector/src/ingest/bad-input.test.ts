import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFixture, NOW, trackEvent } from '../testing/collector-fixture.ts';

const nested = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

describe('an event of a batch', () => {
  it.each([
    ['without a name', trackEvent({ event: undefined }), 'invalid_event', 'event'],
    ['with a name that is a number', trackEvent({ event: 7 }), 'invalid_event', 'event'],
    ['of an unknown type', trackEvent({ type: 'click' }), 'invalid_event', 'type'],
    ['without a type', trackEvent({ type: undefined }), 'invalid_event', 'type'],
    ['of nobody', trackEvent({ anonymousId: '' }), 'invalid_event', 'userId'],
    ['with an id that is an object', trackEvent({ userId: {} }), 'invalid_event', 'userId'],
    ['with an empty messageId', trackEvent({ messageId: '' }), 'invalid_event', 'messageId'],
    [
      'with a messageId over 128 bytes',
      trackEvent({ messageId: 'é'.repeat(65) }),
      'invalid_event',
      'messageId',
    ],
    ['with properties that are a list', trackEvent({ properties: [] }), 'invalid_event', 'properties'],
    ['with traits that are a string', trackEvent({ traits: 'x' }), 'invalid_event', 'traits'],
    ['with a context that is a number', trackEvent({ context: 1 }), 'invalid_event', 'context'],
    ['with a time that is none', trackEvent({ timestamp: 'soon' }), 'invalid_event', 'timestamp'],
    ['with a time that is a flag', trackEvent({ timestamp: true }), 'invalid_event', 'timestamp'],
    ['from 1970', trackEvent({ timestamp: '1970-01-01T00:00:00Z' }), 'timestamp_out_of_range', 'timestamp'],
    [
      'older than is kept',
      trackEvent({ timestamp: '2025-11-19T00:00:00Z' }),
      'timestamp_out_of_range',
      'timestamp',
    ],
    ['over 32 KB', trackEvent({ properties: { a: 'x'.repeat(33_000) } }), 'event_too_large', undefined],
    ['nested deeper than 200 levels', trackEvent({ properties: nested(200) }), 'too_deep', undefined],
    ['that is a number', 5, 'invalid_event', undefined],
    ['that is null', null, 'invalid_event', undefined],
    ['that is a list', [trackEvent()], 'invalid_event', undefined],
  ])('%s is rejected with its reason and kept as it came', async (_, event, reason, field) => {
    const { batch, log } = createFixture();
    const answer = await batch([event, trackEvent({ messageId: 'good' })]);
    expect(answer.status).toBe(200);
    expect(answer.verdicts).toMatchObject([
      { status: 'rejected', reason },
      { messageId: 'good', status: 'ok' },
    ]);
    const [row] = log.rejected();
    expect(row).toMatchObject({ project_id: 7, reason, received_at: NOW, retention_days: 365 });
    expect(row?.field).toBe(field);
    expect(row?.detail).toMatch(field ? `batch[0].${field}: expected ` : 'batch[0]: expected ');
    expect(JSON.parse(row?.payload ?? '')).toEqual(JSON.parse(JSON.stringify(event)));
    expect(log.rows()).toHaveLength(1);
  });

  it.each([
    ['an event', (event: object) => event],
    ['a list of events', (event: object) => [event]],
    ['a list of lists', (event: object) => [[1], [event]]],
  ])('keeps no full context.ip in the payload of %s', async (_, wrap) => {
    const { batch, log } = createFixture();
    const event = (context: object) => wrap(trackEvent({ event: 7, context }));
    const addresses = ['203.0.113.77', '::ffff:cb00:714d', 'at home', ['203.0.113.77']];
    await batch(addresses.map((ip) => event({ ip, locale: 'fr', ipAddress: 'kept' })));
    expect(log.rejected().map(({ payload }) => JSON.parse(payload))).toEqual([
      event({ locale: 'fr', ipAddress: 'kept', ip: '203.0.113.0' }),
      event({ locale: 'fr', ipAddress: 'kept', ip: '203.0.113.0' }),
      event({ locale: 'fr', ipAddress: 'kept' }),
      event({ locale: 'fr', ipAddress: 'kept' }),
    ]);
  });

  it('from 2099 is taken at the time of receipt, and marked', async () => {
    const { batch, log } = createFixture();
    await batch([trackEvent({ timestamp: '2099-01-01T00:00:00Z' })]);
    expect(log.rows()).toMatchObject([
      { timestamp: NOW, clock_clamped: true, original_timestamp: Date.UTC(2099, 0, 1) },
    ]);
  });

  it('with a property called __proto__ keeps it, and poisons nothing', async () => {
    const { batch, log } = createFixture();
    const text = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    await batch([trackEvent({ properties: JSON.parse(text), context: JSON.parse(text) })]);
    expect(log.records[0]?.rows.toString()).toContain(`"properties":${text}`);
    expect(log.records[0]?.rows.toString()).toContain(`"context":${text}`);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('cannot take its fields from __proto__', async () => {
    const { batch, log } = createFixture();
    await batch([JSON.parse('{"__proto__":{"type":"track","event":"x","userId":"u"}}')]);
    expect(log.rejected()).toMatchObject([{ reason: 'invalid_event', field: 'type' }]);
  });

  it('with lone surrogates is stored well-formed, keys included', async () => {
    const { post, log } = createFixture();
    const body = String.raw`{"writeKey":"wk_test","batch":[{"type":"track","event":"a\ud800","userId":"u\udc00","messageId":"m\ud800",
      "properties":{"k\udfff":"v\ud83d","ok":"\ud83d\ude00"},"context":{"x":"\uDBFF"}}]}`;
    expect((await post('/v1/batch', body)).status).toBe(200);
    expect(log.records[0]?.rows.toString()).not.toMatch(/\\ud/i);
    expect(log.rows()).toMatchObject([
      {
        event: 'a\ufffd',
        user_id: 'u\ufffd',
        message_id: 'm\ufffd',
        properties: { 'k\ufffd': 'v\ufffd', ok: '😀' },
        context: { x: '\ufffd' },
      },
    ]);
    expect(log.records[0]?.meta.marks[0]?.[0]).toBe('m\ufffd');
  });

  it('whose body is no UTF-8 is stored well-formed', async () => {
    const { post, log } = createFixture();
    const json = JSON.stringify({ batch: [trackEvent({ properties: { a: 'XX' } })], writeKey: 'wk_test' });
    const bytes = Buffer.from(json.replace('XX', 'é'), 'latin1');
    expect((await post('/v1/batch', new Uint8Array(bytes))).status).toBe(200);
    expect(log.rows()).toMatchObject([{ properties: { a: '\ufffd' } }]);
  });

  it('exactly at the limits is taken', async () => {
    const { batch, log } = createFixture();
    const empty = trackEvent({ messageId: 'x'.repeat(128), properties: { a: '' } });
    const room = 32 * 1024 - JSON.stringify(empty).length;
    await batch([
      { ...empty, properties: { a: 'x'.repeat(room) } },
      { ...empty, properties: { a: 'x'.repeat(room + 1) } },
      trackEvent({ properties: nested(199) }),
    ]);
    expect(log.rows()).toHaveLength(2);
    expect(log.rejected()).toMatchObject([{ reason: 'event_too_large', message_id: 'x'.repeat(128) }]);
  });
});

describe('any JSON at all', () => {
  const eventish = fc.record(
    {
      type: fc.constantFrom('track', 'page', 'identify', 'group', 'alias', 'screen', 'nonsense'),
      event: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
      messageId: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
      userId: fc.oneof(fc.string(), fc.integer(), fc.jsonValue()),
      timestamp: fc.oneof(
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        fc.jsonValue(),
      ),
      properties: fc.oneof(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.jsonValue()),
      context: fc.oneof(
        fc.record(
          { page: fc.jsonValue(), userAgent: fc.jsonValue(), ip: fc.jsonValue(), screen: fc.jsonValue() },
          { requiredKeys: [] },
        ),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  );

  it('is answered, never with a 5xx, and every event is stored or rejected', async () => {
    const { batch, log } = createFixture();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(eventish, fc.jsonValue())), async (events) => {
        const before = log.rows().length + log.rejected().length;
        const answer = await batch(events);
        expect(answer.status).toBe(200);
        expect(answer.verdicts).toHaveLength(events.length);
        expect(log.rows().length + log.rejected().length - before).toBe(events.length);
        log.records.length = 0;
      }),
      { numRuns: 300 },
    );
  });

  it('is answered on every route, never with a 5xx', async () => {
    const { post } = createFixture();
    const routes = [
      '/v1/batch',
      '/v1/b',
      '/v1/track',
      '/v1/i',
      '/v1/page',
      '/v1/s',
      '/v1/group',
      '/v1/a',
      '/track',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        fc.oneof(
          fc.json(),
          fc.string({ unit: 'binary' }),
          eventish.map((event) => JSON.stringify(event)),
        ),
        async (route, body) => {
          const response = await post(route, body, { headers: { 'x-write-key': 'wk_test' } });
          expect(response.status).toBeLessThan(500);
          expect(await response.json()).toHaveProperty('success', response.status < 300);
        },
      ),
      { numRuns: 300 },
    );
  });
});
