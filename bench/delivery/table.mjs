/**
 * A result in a cell: `3 → 9` where some came only when the visitor was back; `/20` is what
 * was tracked, where some are missing; `stuck` where the SDK did not start again.
 */
function cell({ of, gone, back, note, failed }) {
  const counts = gone === undefined || gone === back ? `${back}` : `${gone} → ${back}`;
  return `${counts}${back < of ? `/${of}` : ''}${note ? ` (${note})` : ''}${failed ? ' stuck' : ''}`;
}

/** Rows for `console.table`: a scenario each, with a column for every SDK, and the sums of what is bad anywhere. */
export function tabulate(scenarios, sdks, results) {
  const rows = scenarios.map(({ id, what }, row) => ({
    scenario: id,
    what,
    of: results[row][0].of,
    ...Object.fromEntries(sdks.map(({ label }, column) => [label, cell(results[row][column])])),
  }));
  const sums = ['duplicates', 'preflights'].map((key) => ({
    scenario: '',
    what: key === 'duplicates' ? 'events twice on the wire, all rows' : 'preflights, all rows',
    ...Object.fromEntries(
      sdks.map(({ label }, column) => [label, results.reduce((sum, row) => sum + row[column][key], 0)]),
    ),
  }));
  return [...rows, ...sums];
}
