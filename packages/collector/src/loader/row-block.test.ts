import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRowBlockBuilder } from './row-block.ts';

const parse = (rows: Buffer) =>
  rows
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);

describe('a block of rows', () => {
  it('gives every row its position, and leaves the rest as it is', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            offset: fc.nat(),
            index: fc.nat(10_000),
            row: fc.dictionary(fc.string(), fc.jsonValue()),
          }),
        ),
        fc.boolean(),
        (rows, withNewline) => {
          // However little room was foreseen.
          const builder = createRowBlockBuilder('spöol-"1"', { rows: 0, bytes: 0 });
          for (const { offset, index, row } of rows) {
            builder.beginRecord(offset);
            builder.add(Buffer.from(JSON.stringify(row) + (withNewline ? '\n' : '')), index);
          }
          const block = builder.build();
          expect(block.length).toBe(rows.length);
          expect(parse(block.slice(0, rows.length))).toEqual(
            rows.map(({ offset, index, row }) => {
              const position = { log_id: 'spöol-"1"', log_offset: offset, log_index: index };
              return JSON.parse(JSON.stringify({ ...position, ...row }));
            }),
          );
          rows.forEach(({ offset, index }, i) => {
            expect([block.offsetOf(i), block.indexOf(i)]).toEqual([offset, index]);
          });
        },
      ),
    );
  });

  it('cuts out whole rows', () => {
    const builder = createRowBlockBuilder('log', { rows: 3, bytes: 30 });
    builder.beginRecord(7);
    for (const index of [0, 1, 2]) builder.add(Buffer.from(`{"n":${index}}\n`), index);
    const block = builder.build();
    expect(parse(block.slice(1, 2))).toEqual([{ log_id: 'log', log_offset: 7, log_index: 1, n: 1 }]);
    expect(parse(block.slice(1, 3))).toHaveLength(2);
    expect(block.slice(2, 2)).toHaveLength(0);
  });

  it('takes rows that have their position', () => {
    const builder = createRowBlockBuilder('log', { rows: 1, bytes: 10 });
    builder.beginRecord(7);
    builder.addPlaced(Buffer.from('{"log_id":"log"}\n'), 5);
    const block = builder.build();
    expect(parse(block.slice(0, 1))).toEqual([{ log_id: 'log' }]);
    expect(block.indexOf(0)).toBe(5);
  });
});
