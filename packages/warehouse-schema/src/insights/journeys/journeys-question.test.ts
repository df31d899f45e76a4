import { expect, it } from 'vitest';
import { readQuestion } from '../question/read-question.ts';
import { renderSql, sql } from '../sql/sql.ts';
import { journeysSchema } from './journeys-question.ts';
import { fitsSql } from './step-names.ts';

const range = { from: '2026-11-01', to: '2026-11-02' };

it.each([
  [{ by: 'title' }, '/by'],
  [{ within: { value: 0, unit: 'hour' } }, '/within/value'],
  [{ within: { value: 1, unit: 'month' } }, '/within/unit'],
  [{ start: '' }, '/start'],
  [{ end: [] }, '/end'],
  [{ steps: 1 }, '/steps'],
  [{ steps: 21 }, '/steps'],
  [{ top: 0 }, '/top'],
  [{ ends: 'buy' }, '/ends'],
  [{ conversion: { events: 'buy' } }, '/conversion/events'],
])('says which field of %j is wrong', (fields, field) => {
  expect(() => readQuestion(journeysSchema, { range, ...fields })).toThrowError(
    expect.objectContaining({ code: 'invalid_question', field }),
  );
});

it('has * stand for any text in a name, and every other sign for itself', () => {
  const { sql: text, params } = renderSql(fitsSql(sql`name`, ['/100%_\\*', '/plain_%']));
  expect(params).toEqual({ names: ['/plain_%'], pattern: '/100\\%\\_\\\\%' });
  expect(text).toBe('(name IN {names:Array(String)} OR name LIKE {pattern:String})');
});
