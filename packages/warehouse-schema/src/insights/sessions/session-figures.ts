/** A row of `queries/insights/sessions/figures.sql`. */
export interface FiguresRow {
  /** What the row is of: an interval, all sessions, or those that begin or end with a page. */
  side: 'interval' | 'total' | 'entry' | 'exit';
  /** Unix milliseconds. */
  interval_start: number;
  path: string;
  sessions: number;
  people: number;
  events: number;
  pages: number;
  bounces: number;
  average: number;
  quantiles: number[];
}

/** What sessions were like; durations in whole milliseconds, from the first event to the last. Null where there are none. */
export interface SessionFigures {
  sessions: number;
  people: number;
  events: number;
  eventsPerSession: number | null;
  pageViewsPerSession: number | null;
  bounces: number;
  bounceRate: number | null;
  /** Percentiles are interpolated between the two nearest values. */
  duration: { average: number; p25: number; median: number; p75: number; p90: number; p95: number } | null;
}

/** The figures of a row, or of no sessions. */
export function figuresOf(row: FiguresRow | undefined): SessionFigures {
  const { sessions = 0, people = 0, events = 0, pages = 0, bounces = 0 } = row ?? {};
  const perSession = (count: number) => (sessions === 0 ? null : count / sessions);
  const [p25 = 0, median = 0, p75 = 0, p90 = 0, p95 = 0] = (row?.quantiles ?? []).map(Math.round);
  return {
    sessions,
    people,
    events,
    eventsPerSession: perSession(events),
    pageViewsPerSession: perSession(pages),
    bounces,
    bounceRate: perSession(bounces),
    duration: sessions === 0 ? null : { average: Math.round(row?.average ?? 0), p25, median, p75, p90, p95 },
  };
}

/** Sessions that begin or end with a page. */
interface SessionPage {
  /** Null: sessions in which no event had a path. */
  path: string | null;
  sessions: number;
  bounces: number;
}

/** The pages with the most sessions, and what the others have together. */
export interface SessionPages {
  top: SessionPage[];
  others: Omit<SessionPage, 'path'>;
}

/** The pages of one side, out of all sessions. */
export function pagesOf(
  rows: readonly FiguresRow[],
  side: 'entry' | 'exit',
  limit: number,
  all: SessionFigures,
): SessionPages {
  const top = rows
    .filter((row) => row.side === side)
    .slice(0, limit)
    .map(({ path, sessions, bounces }) => ({ path: path === '' ? null : path, sessions, bounces }));
  const rest = (of: 'sessions' | 'bounces') => top.reduce((left, page) => left - page[of], all[of]);
  return { top, others: { sessions: rest('sessions'), bounces: rest('bounces') } };
}
