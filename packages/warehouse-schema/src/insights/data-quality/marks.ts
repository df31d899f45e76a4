import { sqlFile } from '../sql/sql-file.ts';
import type { LookedAt } from './looked-at.ts';

interface Marks {
  rows: number;
  /** Came when the event was older than repetitions are recognised for. */
  late: number;
  /** The clock was more than a day ahead: the time is that of arrival. */
  clockClamped: number;
  bots: number;
}

export interface MarksResult {
  overall: Marks;
  events: (Marks & { event: string })[];
  /** Why rows are taken for those of bots; one may have several reasons. */
  botReasons: { reason: string; rows: number }[];
}

interface MarksRow {
  event: string;
  is_overall: number;
  row_count: number;
  late: number;
  clamped: number;
  bots: number;
}

/** How many rows are late, had a wrong clock, or are of bots; all rows count, also those of bots. */
export async function answerMarks(at: LookedAt): Promise<MarksResult> {
  const { run, withBots, chosen, question } = at;
  const rows = withBots.rows({ events: chosen });
  const marks = await run.query<MarksRow>(
    sqlFile('data-quality/marks', { rows }, { limit: question.limit ?? 50 }),
  );
  const reasons = await run.query<{ reason: string; row_count: number }>(
    sqlFile('data-quality/bot-reasons', { rows }),
  );
  return {
    overall: marksOf(marks.find(({ is_overall }) => is_overall)),
    events: marks
      .filter(({ is_overall }) => !is_overall)
      .map((row) => ({ event: row.event, ...marksOf(row) })),
    botReasons: reasons.map(({ reason, row_count }) => ({ reason, rows: row_count })),
  };
}

function marksOf(row: MarksRow | undefined): Marks {
  return {
    rows: row?.row_count ?? 0,
    late: row?.late ?? 0,
    clockClamped: row?.clamped ?? 0,
    bots: row?.bots ?? 0,
  };
}
