import type { ReactElement } from 'react';
import { formatBytes, formatCount, formatShort, formatWait } from '../../shared/format.ts';
import type { Cell, TableAnswer, TextAnswer } from './run-query.ts';

const SHOWN_ROWS = 500;

/** The answer to a query: a table with what it cost, or text. */
export function SqlResult({ answer }: { answer: TableAnswer | TextAnswer }): ReactElement {
  if (answer.kind === 'text') {
    return <pre className="sql-text">{answer.text || 'The answer is empty.'}</pre>;
  }
  const shown = answer.rows.slice(0, SHOWN_ROWS);
  return (
    <>
      <p className="sql-cost">
        {rowsText(answer, shown.length)} in {formatWait(answer.elapsedMs)}, read{' '}
        {formatShort(answer.rowsRead)} rows, {formatBytes(answer.bytesRead)}
      </p>
      <div className="sql-table">
        <table>
          <thead>
            <tr>
              {answer.columns.map((column) => (
                <th key={column.name} title={column.type} data-number={isNumber(column.type)}>
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the rows of an answer have no key and never move
              <tr key={index}>
                {answer.columns.map((column) => (
                  <td key={column.name} data-number={isNumber(column.type)}>
                    {cellText(row[column.name])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function rowsText(answer: TableAnswer, shown: number): string {
  const all = answer.rows.length;
  const rows = `${formatCount(all)} ${all === 1 ? 'row' : 'rows'}`;
  return all > shown ? `${rows} (the first ${formatCount(shown)} shown)` : rows;
}

function isNumber(type: string): boolean {
  return /^(?:Nullable\()?(?:U?Int|Float|Decimal|BFloat)/.test(type);
}

function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return 'NULL';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}
