/** Half-open ranges of row numbers, sorted and disjoint. */
export type RowRanges = [from: number, to: number][];

/** All row numbers of the ranges. */
export function rowsOf(ranges: RowRanges): number[] {
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
}

/** Sorted row numbers as ranges. */
export function rangesOf(rows: number[]): RowRanges {
  const ranges: RowRanges = [];
  for (const row of rows) {
    const last = ranges.at(-1);
    if (last && last[1] === row) last[1] = row + 1;
    else ranges.push([row, row + 1]);
  }
  return ranges;
}

/**
 * Cuts the rows into parts so that a bad one is alone sooner or later: around the row at place `suspect`
 * among them if one is named, else in halves. At least two rows are expected.
 */
export function splitRows(ranges: RowRanges, suspect: number | null): RowRanges[] {
  const rows = rowsOf(ranges);
  const cuts =
    suspect !== null && suspect >= 0 && suspect < rows.length
      ? [0, suspect, suspect + 1, rows.length]
      : [0, rows.length >> 1, rows.length];
  return cuts
    .slice(1)
    .map((end, i) => rangesOf(rows.slice(cuts[i], end)))
    .filter((part) => part.length > 0);
}
