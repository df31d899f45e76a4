import { anyEventSql, eventChoiceSql } from '../question/where-sql.ts';
import { int, joinSql, param, type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import type { Range } from '../time/range.ts';
import type { BehaviourLeaf, Cohort, ListLeaf } from './cohort.ts';

/** Whose cohort: it is made of the events of one project, of bots or not. */
export interface CohortContext {
  projectId: number;
  bots: boolean;
}

/**
 * Whether the person of a row of `events` is in a cohort. What people did is counted in one pass over the rows that
 * matter, however many parts the cohort has; who has none of them is not in that pass, so where such a person is in the
 * cohort, those are found who are not.
 */
export function cohortSql(cohort: Cohort, context: CohortContext): Sql {
  if (isBehavioural(cohort)) return behaviourSql(cohort, context);
  switch (cohort.kind) {
    case 'people':
    case 'list':
      return sql`(${sqlFile('person')} GLOBAL IN (${listSql(cohort, context)}))`;
    case 'not':
      return sql`(NOT ${cohortSql(cohort.of, context)})`;
    default:
      return combined(
        cohort.kind,
        grouped(cohort).map((part) => cohortSql(part, context)),
      );
  }
}

type Behaviour = BehaviourLeaf | { kind: 'all' | 'any'; of: Behaviour[] } | { kind: 'not'; of: Behaviour };

function isBehavioural(cohort: Cohort): cohort is Behaviour {
  switch (cohort.kind) {
    case 'did':
    case 'first_did':
      return true;
    case 'not':
      return isBehavioural(cohort.of);
    case 'all':
    case 'any':
      return cohort.of.every(isBehavioural);
    default:
      return false;
  }
}

/** What can be counted together, together. */
function grouped({ kind, of }: Extract<Cohort, { of: Cohort[] }>): Cohort[] {
  const counted = of.filter(isBehavioural);
  const others = of.filter((part) => !isBehavioural(part));
  return counted.length === 0 ? others : [{ kind, of: counted }, ...others];
}

function behaviourSql(cohort: Behaviour, { projectId, bots }: CohortContext): Sql {
  const leaves = leavesOf(cohort);
  const absentIsIn = holdsOfNobody(cohort);
  const ranges = leaves.map((leaf) => (leaf.kind === 'did' ? leaf.range : { ...leaf.range, from: 0 }));
  const members = sqlFile('cohorts/behaviour', {
    person: sqlFile('person'),
    rows: sqlFile(
      'scope',
      {
        bots: bots ? sql`true` : sql`NOT events.is_bot`,
        events: anyEventSql(leaves.map(({ choice }) => choice)),
        where: sql`true`,
      },
      {
        project_id: projectId,
        from: Math.min(...ranges.map(({ from }) => from)),
        to: Math.max(...ranges.map(({ to }) => to)),
      },
    ),
    any: joinSql(
      leaves.map((leaf) => (leaf.kind === 'did' ? countedSql(leaf) : choiceSql(leaf))),
      ' OR ',
    ),
    having: absentIsIn ? sql`NOT ${holdsSql(cohort)}` : holdsSql(cohort),
  });
  const person = sqlFile('person');
  return absentIsIn ? sql`(${person} GLOBAL NOT IN (${members}))` : sql`(${person} GLOBAL IN (${members}))`;
}

function leavesOf(cohort: Behaviour): BehaviourLeaf[] {
  if (cohort.kind === 'did' || cohort.kind === 'first_did') return [cohort];
  return cohort.kind === 'not' ? leavesOf(cohort.of) : cohort.of.flatMap(leavesOf);
}

/** Whether someone is in the cohort of whom there is no row. */
function holdsOfNobody(cohort: Behaviour): boolean {
  switch (cohort.kind) {
    case 'did':
      return cohort.count.operator === 'lte' || cohort.count.value === 0;
    case 'first_did':
      return false;
    case 'not':
      return !holdsOfNobody(cohort.of);
    case 'all':
      return cohort.of.every(holdsOfNobody);
    case 'any':
      return cohort.of.some(holdsOfNobody);
  }
}

/** Whether a person is in the cohort, over the group of the person's rows. */
function holdsSql(cohort: Behaviour): Sql {
  switch (cohort.kind) {
    case 'did': {
      const count = sql`countIf(${countedSql(cohort)})`;
      const value = int(cohort.count.value);
      const compared = {
        gte: sql`(${count} >= ${value})`,
        lte: sql`(${count} <= ${value})`,
        eq: sql`(${count} = ${value})`,
      };
      return compared[cohort.count.operator];
    }
    case 'first_did': {
      const match = choiceSql(cohort);
      const first = sql`minIf(toUnixTimestamp64Milli(events.timestamp), ${match})`;
      const { from, to } = cohort.range;
      return sql`(countIf(${match}) > 0 AND ${first} >= ${param('from', 'Int64', from)} AND ${first} < ${param('to', 'Int64', to)})`;
    }
    case 'not':
      return sql`(NOT ${holdsSql(cohort.of)})`;
    default:
      return combined(cohort.kind, cohort.of.map(holdsSql));
  }
}

function combined(kind: 'all' | 'any', parts: Sql[]): Sql {
  return sql`(${joinSql(parts, kind === 'all' ? ' AND ' : ' OR ')})`;
}

const choiceSql = ({ choice, pointer }: BehaviourLeaf): Sql => eventChoiceSql(choice, pointer);

function countedSql(leaf: Extract<BehaviourLeaf, { kind: 'did' }>): Sql {
  return sql`(${choiceSql(leaf)} AND ${withinSql(leaf.range)})`;
}

function withinSql({ from, to }: Range): Sql {
  return sql`events.timestamp >= fromUnixTimestamp64Milli(${param('from', 'Int64', from)}, 'UTC') AND events.timestamp < fromUnixTimestamp64Milli(${param('to', 'Int64', to)}, 'UTC')`;
}

function listSql(leaf: ListLeaf, { projectId }: CohortContext): Sql {
  const person = sqlFile('person');
  return leaf.kind === 'people'
    ? sqlFile('cohorts/people', { person }, { project_id: projectId, ids: leaf.ids })
    : sqlFile('cohorts/list', { person }, { project_id: projectId, list: leaf.id });
}
