import type { CohortCondition } from '../question/question-schema.ts';
import { type CohortContext, cohortSql } from './cohort-sql.ts';
import { type CohortReader, readCohort } from './read-cohort.ts';

/**
 * The question with every cohort in its conditions read: each `{cohort, not}` that stands in a `where` gets the SQL that
 * says whether the person of a row is in it.
 * @throws InsightError where a cohort makes no sense or there is none of that name.
 */
export async function readyCohorts<Q>(question: Q, reader: CohortReader, context: CohortContext): Promise<Q> {
  async function condition(value: unknown, pointer: string): Promise<unknown> {
    if (typeof value !== 'object' || value === null) return value;
    if ('any' in value && Array.isArray(value.any))
      return { ...value, any: await each(value.any, `${pointer}/any`, condition) };
    if (!('cohort' in value)) return value;
    const { cohort } = value as CohortCondition;
    const members = cohortSql(await readCohort(cohort, `${pointer}/cohort`, reader), context);
    return { ...value, members };
  }

  async function walk(value: unknown, pointer: string): Promise<unknown> {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return each(value, pointer, walk);
    const entries: [string, unknown][] = [];
    for (const [name, inner] of Object.entries(value)) {
      const place = `${pointer}/${name}`;
      const ready =
        name === 'where' && Array.isArray(inner) ? each(inner, place, condition) : walk(inner, place);
      entries.push([name, await ready]);
    }
    return Object.fromEntries(entries);
  }

  return (await walk(question, '')) as Q;
}

async function each(
  values: unknown[],
  pointer: string,
  ready: (value: unknown, pointer: string) => Promise<unknown>,
): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const [index, value] of values.entries()) found.push(await ready(value, `${pointer}/${index}`));
  return found;
}
