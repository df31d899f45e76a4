/**
 * Rows of one table as they go to ClickHouse, and which event of the log each of them is. A row that is not to be kept
 * any more stays as a gap, so that the numbers of the others, which are written down, hold.
 */
export interface RowBlock {
  readonly length: number;
  /** The bytes of rows `[from, to)`, newline-delimited, without gaps. */
  slice(from: number, to: number): Buffer;
  /** Makes the row a gap. */
  drop(row: number): void;
  isGap(row: number): boolean;
  readonly gaps: number;
  /** Puts other bytes in the row's place, newline included. */
  replace(row: number, line: Buffer): void;
  offsetOf(row: number): number;
  indexOf(row: number): number;
}

/** Builds a block row by row, each with its position as its first columns. */
export interface RowBlockBuilder {
  /** Names the record that the rows to come are of. */
  beginRecord(offset: number): void;
  /** Adds a line, with or without its newline, as event `index` of the record. */
  add(line: Buffer, index: number): void;
  /** Adds a line that has its position already, in its first columns. */
  addPlaced(line: Buffer, index: number): void;
  build(): RowBlock;
}

const NEWLINE = 0x0a;
const COMMA = 0x2c;
const CLOSING_BRACE = 0x7d;
const MAX_INDEX_DIGITS = 10;

/**
 * Splices positions into rows as bytes, so that no row is parsed. `rowBytes` and `rows` say how much is to
 * come; more is possible.
 */
export function createRowBlockBuilder(
  logId: string,
  sizes: { rows: number; bytes: number },
): RowBlockBuilder {
  const longestPrefix = prefixOf(logId, Number.MAX_SAFE_INTEGER).length + MAX_INDEX_DIGITS + 1;
  let body = Buffer.allocUnsafe(sizes.bytes + sizes.rows * (longestPrefix + 1));
  let written = 0;
  let prefix = Buffer.alloc(0);
  let recordOffset = 0;
  const starts: number[] = [];
  const offsets: number[] = [];
  const indexes: number[] = [];

  function begin(index: number, bytes: number) {
    body = grown(body, written, bytes);
    starts.push(written);
    offsets.push(recordOffset);
    indexes.push(index);
  }

  return {
    beginRecord(offset) {
      recordOffset = offset;
      prefix = Buffer.from(prefixOf(logId, offset));
    },
    add(line, index) {
      const end = line[line.length - 1] === NEWLINE ? line.length - 1 : line.length;
      begin(index, longestPrefix + end + 1);
      written += prefix.copy(body, written);
      written += body.write(String(index), written, 'latin1');
      // `{}` has nothing to be parted from.
      if (line[1] !== CLOSING_BRACE) body[written++] = COMMA;
      written += line.copy(body, written, 1, end);
      body[written++] = NEWLINE;
    },
    addPlaced(line, index) {
      begin(index, line.length);
      written += line.copy(body, written);
    },
    build() {
      const length = starts.length;
      starts.push(written);
      const instead = new Map<number, Buffer>();
      const gaps = new Set<number>();
      const bytesOf = (from: number, to: number) =>
        body.subarray(starts[from] ?? written, starts[to] ?? written);
      return {
        length,
        slice(from, to) {
          if (instead.size === 0) return bytesOf(from, to);
          const rows = Array.from({ length: to - from }, (_, n) => from + n);
          return Buffer.concat(rows.map((row) => instead.get(row) ?? bytesOf(row, row + 1)));
        },
        drop(row) {
          instead.set(row, Buffer.alloc(0));
          gaps.add(row);
        },
        replace: (row, line) => void instead.set(row, line),
        isGap: (row) => gaps.has(row),
        get gaps() {
          return gaps.size;
        },
        offsetOf: (row) => offsets[row] ?? -1,
        indexOf: (row) => indexes[row] ?? -1,
      };
    },
  };
}

function prefixOf(logId: string, offset: number): string {
  return `{"log_id":${JSON.stringify(logId)},"log_offset":${offset},"log_index":`;
}

function grown(body: Buffer<ArrayBuffer>, used: number, more: number): Buffer<ArrayBuffer> {
  if (used + more <= body.length) return body;
  const larger = Buffer.allocUnsafe(Math.max(body.length * 2, used + more));
  body.copy(larger, 0, 0, used);
  return larger;
}
