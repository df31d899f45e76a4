/** A row as the oracle sees it. */
interface OracleRow {
  /** Unix milliseconds. */
  time: number;
  event: string;
  path: string;
}

/** A cohort as a question has it, of what the oracle knows. */
export type OracleCohort =
  | { did: OracleChoice; atLeast?: number; atMost?: number; exactly?: number; range?: OracleRange }
  | { firstDid: OracleChoice; range: OracleRange }
  | { people: string[] }
  | { all: OracleCohort[] }
  | { any: OracleCohort[] }
  | { not: OracleCohort };

interface OracleChoice {
  event?: string | string[];
  where?: { property: 'path'; operator: 'is'; value: string }[];
}

/** Moments of UTC, ISO 8601. */
interface OracleRange {
  from: string;
  to: string;
}

export interface OraclePerson {
  /** All of them. */
  ids: string[];
  rows: OracleRow[];
}

/** Whether a person is in a cohort, by looking at all that the person did. */
export function cohortOracle(cohort: OracleCohort, person: OraclePerson): boolean {
  if ('all' in cohort) return cohort.all.every((part) => cohortOracle(part, person));
  if ('any' in cohort) return cohort.any.some((part) => cohortOracle(part, person));
  if ('not' in cohort) return !cohortOracle(cohort.not, person);
  if ('people' in cohort) return cohort.people.some((id) => person.ids.includes(id));
  const within = (time: number, range?: OracleRange) =>
    range === undefined || (time >= Date.parse(range.from) && time < Date.parse(range.to));
  if ('firstDid' in cohort) {
    const times = person.rows.filter((row) => isOf(cohort.firstDid, row)).map(({ time }) => time);
    return times.length > 0 && within(Math.min(...times), cohort.range);
  }
  const count = person.rows.filter((row) => isOf(cohort.did, row) && within(row.time, cohort.range)).length;
  if (cohort.exactly !== undefined) return count === cohort.exactly;
  if (cohort.atMost !== undefined) return count <= cohort.atMost;
  return count >= (cohort.atLeast ?? 1);
}

function isOf({ event, where = [] }: OracleChoice, row: OracleRow): boolean {
  return (
    (event === undefined || [event].flat().includes(row.event)) &&
    where.every(({ value }) => row.path === value)
  );
}
