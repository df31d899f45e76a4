import { anyEventSql, eventChoiceSql } from '../question/where-sql.ts';
import type { Scope } from '../scope.ts';
import { int, joinSql, param, type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import type { Range } from '../time/range.ts';
import type { ReadJourneys } from './journeys-question.ts';
import { fitsSql, stepNames } from './step-names.ts';

const DAY_MS = 86_400_000;

/** The query of each journey: see `queries/insights/journeys/journeys.sql`. */
export function journeysSql(question: ReadJourneys, scope: Scope): Sql {
  const { windowMs, start, end, backward, collapse, steps, conversion } = question;
  const { range, person } = scope;
  const { raw, isStep, id } = stepNames(question);
  const converts = conversion ? eventChoiceSql(conversion, '/conversion') : sql`false`;
  const bits = [
    isStep,
    sql`${isStep} AND ${start.length > 0 ? fitsSql(raw, start) : sql`true`}`,
    sql`${isStep} AND ${end.length > 0 ? fitsSql(raw, end) : sql`false`}`,
    converts,
  ];
  const flags = joinSql(
    bits.map((bit, index) => sql`if(${bit}, ${int(2 ** index)}, 0)`),
    ' + ',
  );
  const slots = {
    person,
    id,
    revenue: conversion ? sql`events.revenue` : sql`toDecimal64(0, 4)`,
    any: sql`(${isStep} OR ${converts})`,
    flags,
  };
  const rows =
    windowMs === undefined
      ? sqlFile('journeys/session-rows', {
          ...slots,
          where: scope.where,
          rows: scope.rows({ range: journeysRange(question, range), where: sql`true` }),
        })
      : sqlFile('journeys/person-rows', {
          ...slots,
          rows: scope.rows({ range: journeysRange(question, range), events: stepEvents(question) }),
        });
  const anchors = sqlFile('journeys/anchored', {
    rows,
    flag: int(backward ? 2 : 1),
    // Of a session the first such step counts, of a person the first within the range.
    eligible: windowMs === undefined ? sql`true` : within(sql`r.1`, range),
    inRange: within(sql`rows[anchor].1`, range),
  });
  const window = windowMs === undefined ? sql`true` : sql`abs(r.1 - at) <= ${int(windowMs)}`;
  const cut = sqlFile(`journeys/${backward ? 'until-end' : 'from-start'}`, { anchors, window });
  return sqlFile('journeys/journeys', {
    cut,
    ended:
      end.length > 0 && !backward
        ? sql`arrayFirstIndex((r, i) -> i > 1 AND bitTest(r.3, 2), tail, arrayEnumerate(tail))`
        : sql`length(tail)`,
    kept: collapse ? sql`node != before` : sql`true`,
    counted: collapse ? sql`arrayCompact(before_conversion)` : sql`before_conversion`,
    first: backward ? sql`greatest(1, step_count - ${int(steps - 1)})` : sql`1`,
    steps: int(steps),
  });
}

/**
 * Where the rows of journeys lie that count for a range: a session that reaches into it began within a day before and
 * ends within a day after.
 */
export function journeysRange({ windowMs, backward }: ReadJourneys, { from, to }: Range): Range {
  if (windowMs === undefined) return { from: from - DAY_MS, to: to + DAY_MS };
  return backward ? { from: from - windowMs, to } : { from, to: to + windowMs + 1 };
}

/** Leaves out, by the key of the table, the rows that are no steps and no conversions. */
export function stepEvents({ by, conversion }: ReadJourneys): Sql {
  return by === 'path' ? anyEventSql([{ event: '$page' }, ...(conversion ? [conversion] : [])]) : sql`true`;
}

function within(time: Sql, { from, to }: Range): Sql {
  return sql`(${time} >= ${param('from', 'Int64', from)} AND ${time} < ${param('to', 'Int64', to)})`;
}
