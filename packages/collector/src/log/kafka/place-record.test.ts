import { describe, expect, it } from 'vitest';
import { makeRecord } from '../../loader/testing/make-record.ts';
import { decodeEventsMessage, decodeRejectedMessage, EVENTS_TOPIC, REJECTED_TOPIC } from './message.ts';
import { partitionOf, placeRecord } from './place-record.ts';

const partitions = { events: 5, rejected: 3 };
const ids = Array.from({ length: 100 }, (_, index) => `id-ü${index}`);
const record = makeRecord({ events: ids.map((id) => ({ id })), rejected: ['x', 'y'], projectId: 9 });
const eventsOf = (packing: 'events' | 'lines', of = record) =>
  placeRecord(of, { packing, partitions }).filter(({ topic }) => topic === EVENTS_TOPIC);

describe('the partition of an event', () => {
  it('follows from project and message id alone, and spreads', () => {
    const counts = new Map<number, number>();
    for (const id of ids) {
      const partition = partitionOf(9, id, 5);
      expect(partitionOf(9, id, 5)).toBe(partition);
      counts.set(partition, (counts.get(partition) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(Math.max(...counts.values())).toBeLessThan(40);
  });

  it('is the same as ever: a change would part retries from their first try', () => {
    expect([partitionOf(1, 'a', 12), partitionOf(2, 'a', 12), partitionOf(1, '0190-ü', 1000)]).toEqual([
      0, 9, 493,
    ]);
  });
});

describe('a record as messages', () => {
  it('has one message an event, in order, with its own mark and row', () => {
    const placed = eventsOf('events');
    expect(placed.map(({ message }) => decodeEventsMessage(message).meta.marks)).toEqual(
      record.meta.marks.map((mark) => [mark]),
    );
    expect(Buffer.concat(placed.map(({ message }) => message.value))).toEqual(record.rows);
  });

  it('has one message a partition as lines, each line with its mark', () => {
    const placed = eventsOf('lines');
    expect(placed.map(({ partition }) => partition).sort()).toEqual([0, 1, 2, 3, 4]);
    for (const { message } of placed) {
      const { rows, meta } = decodeEventsMessage(message);
      const written = rows.toString().trimEnd().split('\n');
      expect(written.map((line) => JSON.parse(line).message_id)).toEqual(meta.marks.map(([id]) => id));
    }
  });

  it('cuts lines into several messages before one grows past 256 KiB', () => {
    const large = ids.map((id) => ({ id, row: { properties: { text: 'x'.repeat(50_000) } } }));
    const placed = eventsOf('lines', makeRecord({ events: large }));
    expect(Math.max(...placed.map(({ message }) => message.value.length))).toBeLessThan(256 * 1024);
    expect(placed.flatMap(({ message }) => decodeEventsMessage(message).meta.marks)).toHaveLength(100);
  });

  it('leaves out rows that were blanked, and keeps the names of the others', () => {
    const named = { ...record, meta: { ...record.meta, id: 'name' } };
    const blankFirst = (lines: Buffer) => {
      const end = lines.indexOf('\n');
      return Buffer.concat([Buffer.from('{}'.padEnd(end)), lines.subarray(end)]);
    };
    const blanked = { ...named, rows: blankFirst(named.rows), rejected: blankFirst(named.rejected) };
    for (const packing of ['lines', 'events'] as const) {
      const idsIn = (messages: ReturnType<typeof placeRecord>) =>
        messages
          .filter(({ topic }) => topic === EVENTS_TOPIC)
          .flatMap(({ message }) => decodeEventsMessage(message).meta.marks.map(([id]) => id))
          .sort();
      const names = (messages: ReturnType<typeof placeRecord>) =>
        messages.filter(({ topic }) => topic === REJECTED_TOPIC).map(({ message }) => message.headers.i);
      const [whole, left] = [named, blanked].map((one) => placeRecord(one, { packing, partitions }));
      expect(idsIn(left ?? [])).toEqual(idsIn(whole ?? []).filter((id) => id !== ids[0]));
      expect(names(left ?? [])).toEqual(names(whole ?? []).slice(1));
    }
  });

  it('has one message a rejected row, with a name that is in the row too', () => {
    const named = { ...record, meta: { ...record.meta, id: 'name' } };
    const placed = placeRecord(named, { packing: 'lines', partitions });
    const rejected = placed.filter(({ topic }) => topic === REJECTED_TOPIC);
    expect(rejected.map(({ message }) => decodeRejectedMessage(message).meta.rejectedIds)).toEqual([
      ['name:0'],
      ['name:1'],
    ]);
    const rows = rejected.map(
      ({ message }) => JSON.parse(message.value.toString()) as { rejection_id: string },
    );
    expect(rows.map(({ rejection_id }) => rejection_id)).toEqual(['name:0', 'name:1']);
    const lines = rows.map(({ rejection_id: _, ...row }) => `${JSON.stringify(row)}\n`);
    expect(lines.join('')).toBe(record.rejected.toString());
  });

  it('with fewer lines than marks is refused', () => {
    const short = { ...record, rows: record.rows.subarray(0, 10) };
    expect(() => placeRecord(short, { packing: 'events', partitions })).toThrow('fewer lines');
  });
});
