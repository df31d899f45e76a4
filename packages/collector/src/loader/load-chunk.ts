import { randomUUID } from 'node:crypto';
import type { Logger } from '../logger.ts';
import { type BlockOutcome, type BlockPorts, insertBlock, type RefusedRow } from './insert-block.ts';
import type { LoaderStep } from './loader-options.ts';
import type { ChunkPlan, LoaderState, Piece, TablePlan } from './loader-state.ts';
import type { LoadedTable, LoaderWarehouse } from './loader-warehouse.ts';
import type { PreparedChunk } from './prepare-chunk.ts';
import { replacements, withRefused } from './refused-rows.ts';
import type { Retrier } from './retrier.ts';
import type { RowBlock } from './row-block.ts';
import type { Suppression } from './suppression.ts';

export interface LoadPorts {
  warehouse: LoaderWarehouse;
  inserts: Retrier;
  questions: Retrier;
  logger: Logger;
  suppression: Suppression;
  queryIdPrefix: string;
  /** For tests: what it throws ends the loader there. */
  fault(step: LoaderStep): void | Promise<void>;
  /** The state as it is written down, with the chunk's plan. */
  state(): LoaderState;
  /** Resolves once the plan is written down. */
  savePlan(plan: ChunkPlan): Promise<void>;
}

/** What became of a chunk. */
export interface LoadOutcome {
  /** Rows of the chunk's events that ClickHouse does not take. */
  refused: RefusedRow[];
  /** True if an insert had to be compared. */
  compared: boolean;
}

/**
 * Brings a planned chunk into the warehouse: its events, what is filled from them, its rejected rows, and how many
 * repetitions it dropped.
 * `doubtful` says that it may have been tried before. Resolves once all of it is there exactly once.
 */
export async function loadChunk(
  chunk: PreparedChunk,
  doubtful: boolean,
  ports: LoadPorts,
): Promise<LoadOutcome> {
  const { plan: planned, epoch } = ports.state();
  if (!planned) throw new Error('a chunk is loaded only once it is planned');
  let plan = planned;
  const range = { start: plan.start, end: plan.end };
  const token = `${plan.start.logId}:${plan.start.offset}-${plan.end}@${epoch}`;

  async function put(
    part: keyof ChunkPlan['parts'],
    table: LoadedTable,
    block: RowBlock,
  ): Promise<BlockOutcome> {
    const judge = () => chunk.suppress(table, block, ports.suppression.list());
    judge();
    const blockPorts: BlockPorts = {
      ...ports,
      suppressed: {
        version: ports.suppression.version,
        async renew() {
          await ports.suppression.reload();
          judge();
        },
      },
      // It is written down before it is used, so it needs no order; and it must be new even to a loader
      // that lost its state.
      newToken: () => `${token}#${randomUUID()}`,
      async save(pieces, refused) {
        plan = { ...plan, parts: { ...plan.parts, [part]: { pieces, refused } } };
        await ports.savePlan(plan);
        await ports.fault('pieces-saved');
      },
    };
    const known = plan.parts[part] ?? wholeBlock(block, TOKEN_OF_PART[part](token));
    return insertBlock({ table, block, range, doubtful, ...known }, blockPorts);
  }

  const events = await put('events', 'events', chunk.events);
  await ports.fault('events-inserted');
  if (events.compared) await compareDerived(range, ports);
  await ports.fault('derived-compared');

  const rejected = withRefused(chunk, events.refused);
  const rejections = await put('rejected', 'rejected_events', rejected);
  if (rejections.refused.length > 0) {
    const replaced = replacements(chunk, rejected, rejections.refused);
    const { refused } = await put('replaced', 'rejected_events', replaced);
    for (const [, detail] of refused) {
      ports.logger.error('A rejected event could not be kept in rejected_events', { token, detail });
    }
  }
  await ports.fault('rejected-inserted');
  const { recordDuplicates } = chunk;
  if (recordDuplicates.length > 0) {
    await ports.inserts.persist(() => ports.warehouse.noteDuplicates(range.start.logId, recordDuplicates));
  }
  return { refused: events.refused, compared: events.compared || rejections.compared };
}

const TOKEN_OF_PART = {
  events: (token: string) => token,
  rejected: (token: string) => `${token}:r`,
  replaced: (token: string) => `${token}:x`,
};

function wholeBlock(block: RowBlock, token: string): TablePlan {
  const pieces: Piece[] = block.length === 0 ? [] : [{ token, ranges: [[0, block.length]] }];
  return { pieces, refused: [] };
}

async function compareDerived(range: { start: ChunkPlan['start']; end: number }, ports: LoadPorts) {
  const differences = await ports.questions.persist(() => ports.warehouse.compareDerived(range));
  for (const { what, rows, mended } of differences) {
    const outcome = mended ? 'was mended' : 'was left as it is';
    ports.logger.warn(`${what} differed from events after an insert was cut off, and ${outcome}`, { rows });
  }
}
