import type { RefusedRow } from './insert-block.ts';
import type { PreparedChunk } from './prepare-chunk.ts';
import { rejectedRow } from './rejected-row.ts';
import { createRowBlockBuilder, type RowBlock, type RowBlockBuilder } from './row-block.ts';

/** The chunk's rejected rows, and the events that ClickHouse did not take. */
export function withRefused(chunk: PreparedChunk, refused: RefusedRow[]): RowBlock {
  const { rejected, events, start } = chunk;
  if (refused.length === 0) return rejected;
  const builder = createRowBlockBuilder(start.logId, { rows: rejected.length + refused.length, bytes: 0 });
  for (let row = 0; row < rejected.length; row++) {
    builder.beginRecord(rejected.offsetOf(row));
    builder.addPlaced(rejected.slice(row, row + 1), rejected.indexOf(row));
  }
  addReplacements(builder, chunk, events, refused);
  const block = builder.build();
  for (let row = 0; row < rejected.length; row++) if (rejected.isGap(row)) block.drop(row);
  return block;
}

/** Rows of `rejected_events` for the rows of a block that ClickHouse did not take. */
export function replacements(chunk: PreparedChunk, block: RowBlock, refused: RefusedRow[]): RowBlock {
  const builder = createRowBlockBuilder(chunk.start.logId, { rows: refused.length, bytes: 0 });
  addReplacements(builder, chunk, block, refused);
  return builder.build();
}

function addReplacements(
  builder: RowBlockBuilder,
  chunk: PreparedChunk,
  block: RowBlock,
  refused: RefusedRow[],
): void {
  for (const [row, detail] of refused) {
    const [offset, index] = [block.offsetOf(row), block.indexOf(row)];
    const why = { reason: 'not_insertable', detail } as const;
    builder.beginRecord(offset);
    builder.add(rejectedRow(block.slice(row, row + 1), chunk.originOf(offset, index), why), index);
  }
}
