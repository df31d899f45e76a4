import { randomUUID } from 'node:crypto';
import type { WarehouseClient } from '../../client.ts';
import { checkNames } from '../check-names.ts';
import { type InsightAccess, openWarehouse } from '../insight-access.ts';
import { InsightError, invalid } from '../insight-error.ts';
import { INSIGHTS } from '../insights.ts';
import { prepareQuestion } from '../prepare-question.ts';
import { readScope } from '../scope.ts';
import { param, renderSql, sql } from '../sql/sql.ts';

/** People whose list is a cohort's. */
export interface CohortList {
  /** What the definition calls it: `{"list": id}`. */
  id: string;
  /** How many ids it holds. */
  ids: number;
}

const BATCH = 20_000;
/** A list that no cohort has yet may be one that is being made. */
const GRACE_SECONDS = 3_600;
const SNAPSHOT_SECONDS = 120;

/** Keeps ids as a new list; none of them twice. `client` may insert. */
export async function writeCohortList(
  client: WarehouseClient,
  projectId: number,
  ids: readonly string[],
): Promise<CohortList> {
  const id = randomUUID();
  const different = [...new Set(ids)];
  for (let at = 0; at < different.length; at += BATCH) {
    const lines = different
      .slice(at, at + BATCH)
      .map((distinct_id) => `${JSON.stringify({ project_id: projectId, list_id: id, distinct_id })}\n`);
    await client.insertRows('cohort_members', [Buffer.from(lines.join(''))]);
  }
  return { id, ids: different.length };
}

/**
 * Keeps the people whom an insight lists at this moment (`funnel-people`, `cohort-people`), all of them, as a new list.
 * The client of `access` may insert.
 * @throws InsightError where the question makes no sense, or the insight lists no people.
 */
export async function snapshotPeople(
  access: InsightAccess,
  name: string,
  value: unknown,
): Promise<CohortList> {
  const insight = Object.hasOwn(INSIGHTS, name) ? INSIGHTS[name] : undefined;
  if (insight?.people === undefined) {
    const names = Object.values(INSIGHTS).filter(({ people }) => people !== undefined);
    throw invalid('/insight', `expected one that lists people: ${names.map((one) => one.name).join(', ')}`);
  }
  const { asked, ready, now } = await prepareQuestion(insight, access, value);
  if (ready.segments) throw invalid('/segments', 'a list has none');
  await checkNames(openWarehouse(access), access, asked);
  const people = insight.people(readScope(ready, access.projectId, { now }), ready);
  const id = randomUUID();
  const query = renderSql(
    sql`INSERT INTO cohort_members (project_id, list_id, distinct_id) SELECT DISTINCT ${param('project_id', 'UInt32', access.projectId)}, ${param('list', 'UUID', id)}, person FROM (${people})`,
  );
  try {
    await access.client.command(query.sql, {
      params: query.params,
      settings: { max_execution_time: SNAPSHOT_SECONDS },
      ...(access.signal && { signal: access.signal }),
    });
  } catch (error) {
    throw new InsightError('insight_failed', `The list could not be made: ${(error as Error).message}`);
  }
  const [row] = await access.client.query<{ ids: number }>(
    'SELECT count() AS ids FROM cohort_members WHERE project_id = {project:UInt32} AND list_id = {id:UUID}',
    { params: { project: access.projectId, id } },
  );
  return { id, ids: row?.ids ?? 0 };
}

/** Deletes the lists of a project that none of its cohorts has, but for those that are being made. */
export async function dropCohortLists(
  client: WarehouseClient,
  projectId: number,
  keep: readonly string[],
): Promise<void> {
  const params = { project: projectId, keep, grace: GRACE_SECONDS };
  const old = await client.query<{ id: string }>(
    `SELECT list_id AS id FROM cohort_members
     WHERE project_id = {project:UInt32} AND NOT has({keep:Array(UUID)}, list_id)
     GROUP BY id HAVING max(added_at) < now64(3, 'UTC') - toIntervalSecond({grace:UInt32})`,
    { params },
  );
  if (old.length === 0) return;
  await client.command(
    'ALTER TABLE cohort_members DELETE WHERE project_id = {project:UInt32} AND list_id IN {old:Array(UUID)}',
    { params: { project: projectId, old: old.map(({ id }) => id) }, settings: { mutations_sync: 1 } },
  );
}
