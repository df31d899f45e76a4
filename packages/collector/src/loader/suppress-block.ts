import { type SuppressionList, suppressRejected, suppressRow } from '@millrace/warehouse-schema';
import type { RecordMeta } from '../log/record.ts';
import { isLater, payloadOf } from '../log/suppressed-log.ts';
import type { LoadedTable } from './loader-warehouse.ts';
import type { RowBlock } from './row-block.ts';

/**
 * Takes out of a block what is of people on the list. Rows that were made and received after the newest deletion are not
 * even looked at; those whose making the server cannot tell are parsed.
 */
export function suppressBlock(
  table: LoadedTable,
  block: RowBlock,
  list: SuppressionList,
  metaAt: (offset: number) => RecordMeta | undefined,
): void {
  if (list.newest === Number.NEGATIVE_INFINITY) return;
  for (let row = 0; row < block.length; row++) {
    const meta = metaAt(block.offsetOf(row));
    if (!meta || block.isGap(row)) continue;
    if (table === 'events') suppressEvent(block, row, list, meta);
    else if (suppressRejected(payloadOf(block.slice(row, row + 1)), list, meta)) block.drop(row);
  }
}

function suppressEvent(block: RowBlock, row: number, list: SuppressionList, meta: RecordMeta): void {
  if (isLater(meta.marks[block.indexOf(row)] ?? ['', null, 0], meta.receivedAt, list)) return;
  const verdict = suppressRow(block.slice(row, row + 1), list, meta);
  if (verdict === 'drop') block.drop(row);
  else if (verdict !== 'keep') block.replace(row, verdict);
}
