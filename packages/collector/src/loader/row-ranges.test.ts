import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangesOf, rowsOf, splitRows } from './row-ranges.ts';

const sortedRows = fc.uniqueArray(fc.nat(200), { minLength: 2 }).map((rows) => rows.sort((a, b) => a - b));

describe('row ranges', () => {
  it('hold exactly the rows they are made of', () => {
    fc.assert(
      fc.property(sortedRows, (rows) => {
        expect(rowsOf(rangesOf(rows))).toEqual(rows);
      }),
    );
  });

  it('are split into smaller ones that hold the same rows', () => {
    fc.assert(
      fc.property(sortedRows, fc.option(fc.integer({ min: -1, max: 250 })), (rows, suspect) => {
        const parts = splitRows(rangesOf(rows), suspect);
        expect(parts.length).toBeGreaterThan(1);
        expect(parts.flatMap(rowsOf)).toEqual(rows);
      }),
    );
  });

  it('leave the suspect alone', () => {
    expect(splitRows([[10, 20]], 3)).toEqual([[[10, 13]], [[13, 14]], [[14, 20]]]);
    expect(splitRows([[10, 20]], 0)).toEqual([[[10, 11]], [[11, 20]]]);
  });
});
