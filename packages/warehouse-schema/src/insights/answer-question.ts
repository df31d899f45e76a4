import { checkNames } from './check-names.ts';
import type { Answer, Freshness, Insight, InsightRun, Notice } from './insight.ts';
import { type InsightAccess, openWarehouse, type RunQuery } from './insight-access.ts';
import { prepareQuestion } from './prepare-question.ts';
import type { Question } from './question/question-schema.ts';
import { whereSql } from './question/where-sql.ts';
import { readScope } from './scope.ts';
import type { RenderedSql } from './sql/sql.ts';
import { sqlFile } from './sql/sql-file.ts';

/**
 * Answers one question: checks it, runs it once for each segment, and adds what was asked of ClickHouse, the definition
 * in words, how fresh the data is, and what the reader must know.
 * @throws InsightError, with the field where the question is at fault.
 */
export async function answerQuestion<Q extends Question, R>(
  insight: Insight<Q, R>,
  access: InsightAccess,
  value: unknown,
): Promise<Answer<R>> {
  // What is wrong with range, zone and conditions is said before anything is asked of ClickHouse.
  const { asked, ready: question, range, now } = await prepareQuestion(insight, access, value);
  const warehouse = openWarehouse(access);
  const queries: RenderedSql[] = [];
  const notices: Notice[] = [];
  const run = (segment?: NonNullable<Q['segments']>[number], index = 0): Promise<R> => {
    const where = segment && whereSql(segment.where, `/segments/${index}/where`);
    const context: InsightRun = {
      scope: readScope(question, access.projectId, { now, ...(where && { segment: { where } }) }),
      now,
      query: (query) => warehouse(query, (rendered) => queries.push(rendered)),
      notice: (code, message) => {
        if (!notices.some((one) => one.code === code && one.message === message))
          notices.push({ code, message });
      },
    };
    return insight.run(context, question);
  };

  const newest = await newestArrival(warehouse, access.projectId);
  if (newest > 0) notices.push(...(await checkNames(warehouse, access, asked)));
  const segments: { name: string; result: R }[] = [];
  for (const [index, segment] of (question.segments ?? []).entries())
    segments.push({ name: segment.name, result: await run(segment, index) });
  const answered = question.segments ? { segments } : { result: await run() };
  const freshness: Freshness =
    newest > 0
      ? { newestEvent: new Date(newest).toISOString(), lagMs: Math.max(0, now - newest) }
      : { newestEvent: null, lagMs: null };
  return {
    insight: insight.name,
    ...answered,
    range,
    queries,
    definition: insight.define(asked),
    freshness,
    notices,
  };
}

async function newestArrival(warehouse: RunQuery, projectId: number): Promise<number> {
  const [row] = await warehouse<{ newest: number }>(sqlFile('freshness', {}, { project_id: projectId }));
  return row?.newest ?? 0;
}
