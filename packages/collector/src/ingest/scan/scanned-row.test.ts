import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../collector-limits.ts';
import { NOW, trackEvent } from '../../testing/collector-fixture.ts';
import { createIngestion } from '../ingestion.ts';
import { scanBatch } from './scan-batch.ts';

const open = (sentAt: number | undefined, bodyBytes: number) =>
  createIngestion({
    scope: {
      projectId: 7,
      retentionDays: 365,
      ip: '203.0.113.0',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
      receivedAt: NOW,
      sentAt,
    },
    limits: DEFAULT_LIMITS,
    bodyBytes,
    newId: () => 'made',
    wantsOutcomes: true,
  });

const parseLines = (lines: Buffer): unknown[] =>
  lines
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** What becomes of a batch by either way; `scanned` says whether its bytes could be used as they are. */
function bothWays(json: string, sentAt: number | undefined) {
  const bytes = Buffer.from(json);
  const batch = scanBatch(bytes, DEFAULT_LIMITS);
  const parsing = open(sentAt, bytes.length);
  for (const event of JSON.parse(json).batch) parsing.add(event, true);
  if (!batch) return { scanned: false };
  const scanning = open(sentAt, bytes.length);
  for (let number = 0; number < batch.count; number++) scanning.addScanned(batch, number);
  const read = ({ record, outcomes }: ReturnType<typeof scanning.finish>) => ({
    rows: parseLines(record.rows),
    rejected: parseLines(record.rejected),
    meta: record.meta,
    outcomes,
  });
  return { scanned: true, byScan: read(scanning.finish()), byParse: read(parsing.finish()) };
}

/** Mostly what clients send, and now and then anything at all. */
const mostly = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 30, arbitrary: usual as fc.Arbitrary<unknown> }, fc.constant(null), fc.jsonValue());
const text = fc.string({ unit: 'grapheme' });
const times = fc
  .date({ min: new Date(NOW - 3e10), max: new Date(NOW + 2e8), noInvalidDate: true })
  .map((date) => date.toISOString());
const fields = fc.dictionary(fc.stringMatching(/^[a-z_]{1,6}$/), fc.oneof(text, fc.integer(), fc.boolean()));
const context = fc.record(
  {
    page: fc.record(
      { url: fc.webUrl({ withQueryParameters: true }), title: text, referrer: fc.webUrl() },
      { requiredKeys: [] },
    ),
    campaign: fc.record({ source: text, medium: text }, { requiredKeys: [] }),
    library: fc.record({ name: text, version: text }),
    locale: text,
    ip: fc.ipV4(),
    userAgent: fc.constantFrom('curl/8', 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X)'),
    screen: fc.record({ width: fc.integer(), height: fc.integer() }),
    other: fields,
  },
  { requiredKeys: [] },
);
const event = fc.record(
  {
    type: mostly(fc.constantFrom('track', 'track', 'page', 'identify', 'screen', 'group', 'alias')),
    messageId: mostly(fc.uuid()),
    event: mostly(fc.string({ minLength: 1 })),
    anonymousId: mostly(fc.string({ unit: 'grapheme', minLength: 1 })),
    timestamp: mostly(times),
    userId: mostly(text),
    groupId: mostly(text),
    previousId: mostly(text),
    sessionId: mostly(text),
    name: mostly(text),
    category: mostly(text),
    sentAt: mostly(times),
    originalTimestamp: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, mostly(times)),
    properties: mostly(
      fc.oneof(
        fields,
        fc.record({ revenue: fc.oneof(fc.integer(), text), currency: fc.constantFrom('eur', 'USD', 'x"y') }),
        fc.record({ url: fc.webUrl(), title: text }),
      ),
    ),
    traits: mostly(fields),
    context: mostly(context),
    integrations: mostly(fields),
  },
  { requiredKeys: ['type', 'messageId', 'event', 'anonymousId', 'timestamp'] },
);

describe('an event that is not parsed', () => {
  it('becomes the same row, mark and verdict as one that is', () => {
    let scanned = 0;
    let stored = 0;
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 5 }),
        fc.constantFrom(NOW, NOW + 12_345, undefined),
        (events, sentAt) => {
          const found = bothWays(JSON.stringify({ batch: events }), sentAt);
          if (!found.scanned) return;
          scanned++;
          stored += found.byScan?.rows.length ?? 0;
          expect(found.byScan).toEqual(found.byParse);
        },
      ),
      { numRuns: 1_000 },
    );
    expect(scanned).toBeGreaterThan(300);
    expect(stored).toBeGreaterThan(300);
  }, 30_000);

  it.each([
    ['a plain one', trackEvent()],
    [
      'a full one',
      trackEvent({ sessionId: 's', userId: 'ü', properties: { a: [1, { b: 'ü' }], revenue: 9.5 } }),
    ],
    [
      'one with a context',
      trackEvent({ context: { page: { url: 'https://a.example/ü' }, app: { build: 1 } } }),
    ],
    ['one with traits', trackEvent({ type: 'identify', traits: { plan: 'pro' }, category: 'c', name: 'n' })],
    ['a page', trackEvent({ type: 'page', properties: { url: 'https://a.example/x', title: 'X' } })],
    [
      'one with nulls',
      trackEvent({ userId: null, properties: null, traits: null, context: null, name: null }),
    ],
    ['one with a sentAt of its own', trackEvent({ sentAt: new Date(NOW).toISOString() })],
    ['one with a time without a zone', trackEvent({ timestamp: '2026-11-20 11:00:00' })],
  ])('can be %s', (_, usual) => {
    const found = bothWays(JSON.stringify({ writeKey: 'k', batch: [usual, usual] }), NOW);
    expect(found.scanned).toBe(true);
    expect(found.byScan?.rows).toHaveLength(2);
    expect(found.byScan).toEqual(found.byParse);
  });
});

describe('an event that cannot be stored', () => {
  it.each([
    ['originalTimestamp', {}],
    ['sentAt', true],
    ['messageId', 'x'.repeat(129)],
    ['messageId', ''],
    ['event', 5],
    ['event', ''],
    ['userId', []],
    ['timestamp', 'soon'],
    ['timestamp', '1970-01-01T00:00:00.000Z'],
    ['type', 'tracked'],
    ['properties', 'none'],
    ['traits', 7],
    ['context', false],
    ['properties', { a: 'x'.repeat(33_000) }],
  ])('for its %s is rejected as one that was parsed', (field, value) => {
    const found = bothWays(JSON.stringify({ batch: [trackEvent({ [field]: value })] }), NOW);
    expect(found.byScan?.rejected).toHaveLength(1);
    expect(found.byScan).toEqual(found.byParse);
  });
});

describe('scanBatch', () => {
  it('finds the envelope and the events, in any order of members', () => {
    const batch = scanBatch(
      Buffer.from('{"a":{"b":"ü"},"batch":[{"type":"t"},5,"x",[]],"sentAt":"é"}'),
      DEFAULT_LIMITS,
    );
    expect(batch?.count).toBe(4);
    expect(batch?.envelope).toMatchObject({ a: { b: 'ü' }, sentAt: 'é' });
    expect(scanBatch(Buffer.from('{"batch":[]}'), DEFAULT_LIMITS)?.count).toBe(0);
  });

  it.each([
    ['a batch within something else', '{"a":{"batch":[1]},"batch":[2]}'],
    ['a batch in a name', '{"a\\"batch":[1],"batch":"2"}'],
    ['two batches', '{"batch":[1],"batch":[2]}'],
    ['a batch that is no list', '{"batch":{}}'],
    ['a shared context', '{"context":{},"batch":[]}'],
    ['whitespace among the events', '{"batch":[1, 2]}'],
    ['what comes after the end', '{"batch":[]}x'],
    ['an end that is missing', '{"batch":[]'],
    ['an event without an end', '{"batch":[{"type":"track"'],
    ['a list as the whole', '[{"batch":[]}]'],
    ['bytes that are no UTF-8', Buffer.from('{"batch":["\xe9"]}', 'latin1')],
    ['nothing', ''],
  ])('leaves %s to the parser', (_, body) => {
    expect(scanBatch(Buffer.from(body as string), DEFAULT_LIMITS)).toBeUndefined();
  });
});
