import { callApi } from '../data/api.ts';

/** A value of a cell, as ClickHouse's FORMAT JSON has it. */
export type Cell = string | number | boolean | null | Cell[] | { [key: string]: Cell };

/** An answer as a table. */
export interface TableAnswer {
  kind: 'table';
  columns: { name: string; type: string }[];
  rows: Record<string, Cell>[];
  /** Rows that there would be without the limit, if the server says so. */
  rowsBeforeLimit: number | undefined;
  elapsedMs: number;
  rowsRead: number;
  bytesRead: number;
}

/** An answer in a format that the query named. */
export interface TextAnswer {
  kind: 'text';
  text: string;
}

interface ClickHouseJson {
  meta: { name: string; type: string }[];
  data: Record<string, Cell>[];
  rows_before_limit_at_least?: number;
  statistics?: { elapsed: number; rows_read: number; bytes_read: number };
  exception?: string;
}

/** Runs a query by `POST /sql`. Rejects with ApiError, whose message is ClickHouse's. */
export async function runQuery(sql: string): Promise<TableAnswer | TextAnswer> {
  const response = await callApi('/sql', { method: 'POST', body: sql });
  return readAnswer(await response.text());
}

/** Reads an answer: FORMAT JSON becomes a table, anything else stays text. Throws what it says went wrong. */
export function readAnswer(text: string): TableAnswer | TextAnswer {
  const json = parse(text);
  if (!json) return { kind: 'text', text };
  if (json.exception) throw new Error(json.exception);
  return {
    kind: 'table',
    columns: json.meta,
    rows: json.data,
    rowsBeforeLimit: json.rows_before_limit_at_least,
    elapsedMs: (json.statistics?.elapsed ?? 0) * 1000,
    rowsRead: json.statistics?.rows_read ?? 0,
    bytesRead: json.statistics?.bytes_read ?? 0,
  };
}

function parse(text: string): ClickHouseJson | undefined {
  try {
    const value = JSON.parse(text) as Partial<ClickHouseJson> | null;
    return Array.isArray(value?.meta) && Array.isArray(value.data) ? (value as ClickHouseJson) : undefined;
  } catch {
    return undefined;
  }
}
