import Type from 'typebox';
import type { EventChoice } from '../question/question-schema.ts';
import { eventChoiceFields } from '../question/question-schema.ts';
import { anyEventSql, eventChoiceSql } from '../question/where-sql.ts';
import type { Scope } from '../scope.ts';
import type { Sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';

/** What makes a person active. */
export const activitySchema = Type.Object(eventChoiceFields, {
  additionalProperties: false,
  description: 'What makes a person active. Default: every event',
});

/** Which people were active when: intervals that follow one another, by where they begin and where the last one ends. */
export interface ActiveIn {
  activity: EventChoice | undefined;
  bounds: readonly number[];
  end: number;
  /** Nothing before it counts. @default the first of the bounds */
  from?: number;
  /** How many events an interval needs. @default 1 */
  minimum?: number;
}

/** Of each active person, the numbers of the intervals, in order: see `queries/insights/activity/positions.sql`. */
export function activePositions(
  scope: Scope,
  { activity = {}, bounds, end, from = bounds[0] ?? 0, minimum = 1 }: ActiveIn,
): Sql {
  return sqlFile(
    'activity/positions',
    {
      person: scope.person,
      rows: scope.rows({ range: { from, to: end }, events: anyEventSql([activity]) }),
      active: eventChoiceSql(activity, '/activity'),
    },
    { bounds, minimum },
  );
}
