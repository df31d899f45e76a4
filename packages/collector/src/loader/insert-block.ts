import { randomUUID } from 'node:crypto';
import { tryInsert } from './insert-outcome.ts';
import type { Piece } from './loader-state.ts';
import type { LoadedTable, LoaderWarehouse, LogRange, SuppressedRows } from './loader-warehouse.ts';
import type { Retrier } from './retrier.ts';
import type { RowBlock } from './row-block.ts';
import { rangesOf, rowsOf, splitRows } from './row-ranges.ts';

/** The rows of one table of one chunk. */
export interface BlockJob {
  table: LoadedTable;
  block: RowBlock;
  range: LogRange;
  /** What is still to be inserted, and under which tokens. */
  pieces: Piece[];
  /** True if an insert of these pieces may have been tried before. */
  doubtful: boolean;
  /** Rows that ClickHouse refused in an earlier attempt, with its words. */
  refused: RefusedRow[];
}

/** A row that ClickHouse does not take, with its words. */
export type RefusedRow = [row: number, detail: string];

export interface BlockPorts {
  warehouse: LoaderWarehouse;
  /** For inserts. */
  inserts: Retrier;
  /** For questions: their success says nothing of inserts. */
  questions: Retrier;
  /** What the query ids of all inserts of this loader begin with. */
  queryIdPrefix: string;
  /** Judges the rows by the list of suppressed ids as it is now. */
  suppressed: { version(): number; renew(): Promise<void> };
  /** A token that was never used. */
  newToken(): string;
  /** Resolves once the pieces and their tokens are written down; before that none of them is tried. */
  save(pieces: Piece[], refused: RefusedRow[]): Promise<void>;
}

export interface BlockOutcome {
  refused: RefusedRow[];
  /** True if an insert went so that only a comparison could tell what it did. */
  compared: boolean;
}

interface Work extends Piece {
  doubtful: boolean;
  answered: boolean;
}

/**
 * Inserts the rows, each exactly once, whatever happens on the way. Resolves once every row is known to be in
 * the table or was refused; rejects only if the retrier is stopped.
 *
 * A token that answered at its first attempt is proof. After any other outcome the table is looked at, once
 * nothing of ours runs any more: a piece of which nothing is there goes again under its token, since a token
 * may still be on its way; what is missing of any other goes under a new token, since a token may have been
 * kept without its rows (plain MergeTree writes it first).
 */
export async function insertBlock(job: BlockJob, ports: BlockPorts): Promise<BlockOutcome> {
  let open: Work[] = job.pieces.map((piece) => ({ ...piece, doubtful: job.doubtful, answered: false }));
  const refused = job.refused.filter(([row]) => !job.block.isGap(row));
  // Even if nothing is left to insert: what the view got of it may not have been looked at.
  let compared = job.doubtful;
  const save = () =>
    ports.save(
      open.map(({ token, ranges }) => ({ token, ranges })),
      refused,
    );

  while (open.length > 0) {
    if (open.some((piece) => piece.doubtful)) {
      compared = true;
      open = await settleDoubts(open, job, ports);
      await save();
    }
    for (const piece of open) {
      const outcome = await insertPiece(piece, job, ports);
      if (outcome.kind === 'done') {
        piece.answered = true;
        ports.inserts.succeeded();
        continue;
      }
      if (outcome.kind === 'refused') {
        open = setRefusedApart(open, piece, outcome, refused, ports);
        await save();
      } else {
        // Nothing was sent, or nobody knows: the delay is the same, the doubt is not.
        piece.answered = false;
        piece.doubtful ||= outcome.kind === 'unknown';
        await ports.inserts.pause(outcome.error);
      }
      break;
    }
    open = open.filter((piece) => piece.doubtful || !piece.answered);
  }
  refused.sort(([a], [b]) => a - b);
  return { refused, compared };
}

/** Cuts up the piece that was refused, or, if it is a single row, gives it up. */
function setRefusedApart(
  open: Work[],
  piece: Work,
  { row, message }: { row: number | null; message: string },
  refused: RefusedRow[],
  ports: BlockPorts,
): Work[] {
  const [only, ...others] = rowsOf(piece.ranges);
  if (only !== undefined && others.length === 0) {
    refused.push([only, message]);
    return open.filter((other) => other !== piece);
  }
  const parts = splitRows(piece.ranges, row).map((ranges) => fresh(ranges, ports));
  return open.flatMap((other) => (other === piece ? parts : [other]));
}

async function insertPiece(piece: Work, { table, block }: BlockJob, ports: BlockPorts) {
  const rows = () => {
    piece.ranges = withoutGaps(piece.ranges, block);
    const slices = piece.ranges.map(([from, to]) => block.slice(from, to));
    const [first] = slices;
    return slices.length === 1 && first ? first : Buffer.concat(slices);
  };
  const body = rows();
  if (body.length === 0) return { kind: 'done' } as const;
  const queryId = `${ports.queryIdPrefix}${randomUUID()}`;
  const suppressed: SuppressedRows = {
    version: ports.suppressed.version,
    async renew() {
      await ports.suppressed.renew();
      return rows();
    },
  };
  return tryInsert(() => ports.warehouse.insert(table, body, { token: piece.token, queryId, suppressed }));
}

function withoutGaps(ranges: Piece['ranges'], block: RowBlock): Piece['ranges'] {
  return block.gaps === 0 ? ranges : rangesOf(rowsOf(ranges).filter((row) => !block.isGap(row)));
}

async function settleDoubts(open: Work[], job: BlockJob, ports: BlockPorts): Promise<Work[]> {
  const { warehouse, questions } = ports;
  await questions.until(async () => (await warehouse.insertsRunning(ports.queryIdPrefix)) === 0);
  const counts = await questions.persist(() => warehouse.positions(job.table, job.range));
  const there = new Set(counts.map(({ offset, index }) => `${offset}:${index}`));
  const isThere = (row: number) => there.has(`${job.block.offsetOf(row)}:${job.block.indexOf(row)}`);

  return open.flatMap((piece) => {
    if (!piece.doubtful) return [piece];
    const rows = rowsOf(withoutGaps(piece.ranges, job.block));
    const missing = rows.filter((row) => !isThere(row));
    if (missing.length === 0) return [];
    if (missing.length === rows.length && !piece.answered) return [piece];
    return [fresh(rangesOf(missing), ports)];
  });
}

function fresh(ranges: Piece['ranges'], ports: BlockPorts): Work {
  return { token: ports.newToken(), ranges, doubtful: false, answered: false };
}
