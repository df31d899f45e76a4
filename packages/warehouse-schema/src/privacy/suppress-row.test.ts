import { expect, it } from 'vitest';
import { idsNamed } from './named-ids.ts';
import { suppressRejected, suppressRow } from './suppress-row.ts';
import { createSuppressionList, hashId } from './suppression-list.ts';

const UNTIL = 1_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const IDS = ['ada', 'Ä"\\', '7'];
const list = createSuppressionList(
  IDS.map((id) => ({ projectId: 1, salt: 's', hash: hashId('s', 1, id), until: UNTIL })),
);
const before = { projectId: 1, receivedAt: UNTIL };
const after = { projectId: 1, receivedAt: UNTIL + 1 };
const judge = (row: object, meta = before) =>
  suppressRow(Buffer.from(`${JSON.stringify(row)}\n`), list, meta);

it('drops what is theirs: by the user, else the anonymous id, or the unit of an exposure', () => {
  for (const id of IDS) expect(judge({ user_id: id })).toBe('drop');
  expect(judge({ anonymous_id: 'ada' })).toBe('drop');
  expect(judge({ event: '$exposure', user_id: 'x', properties: { unit: 'ada' } })).toBe('drop');
  expect(judge({ event: '$exposure', user_id: 'x', properties: { unit: 'ada', unitType: 'groupId' } })).toBe(
    'keep',
  );
  expect(judge({ event: 'other', user_id: 'x', properties: { unit: 'ada' } })).toBe('keep');
  expect(judge({ user_id: 'Ada', group_id: 'ada', properties: { user_id: 'ada' } })).toBe('keep');
  expect(judge({ user_id: 'ada' }, { ...before, projectId: 2 })).toBe('keep');
});

it('leaves a name out of what is somebody else’s, and nothing but it', () => {
  for (const id of IDS) {
    const row = { project_id: 1, event: '","anonymous_id":"', anonymous_id: id, user_id: 'bob', previous_id: id, properties: { anonymous_id: id, big: 1 } }; // biome-ignore format: a row
    const left = judge(row);
    expect(JSON.parse(String(left))).toEqual({ ...row, anonymous_id: undefined, previous_id: undefined });
    expect(judge({ ...row, anonymous_id: 'x', previous_id: 'y' })).toBe('keep');
  }
});

it('goes by when it was received, or made, or, where nobody can tell, by some days more', () => {
  const theirs = { user_id: 'ada', timestamp: UNTIL };
  expect(judge(theirs, after)).toBe('drop');
  expect(judge({ ...theirs, timestamp: UNTIL + 1 }, after)).toBe('keep');
  expect(judge({ ...theirs, timestamp: UNTIL + 1 }, before)).toBe('drop');
  const undated = { ...theirs, timestamp: UNTIL + 1, clock_clamped: true };
  expect(judge(undated, { projectId: 1, receivedAt: UNTIL + 8 * DAY_MS })).toBe('drop');
  expect(judge(undated, { projectId: 1, receivedAt: UNTIL + 8 * DAY_MS + 1 })).toBe('keep');
  expect(suppressRejected('{"userId":7}', list, after)).toBe(true);
  expect(suppressRejected('{"userId":"77"}', list, after)).toBe(false);
});

it('finds ids of people where they are said, and never in other text', () => {
  const of = (payload: string) => [...idsNamed(payload)].sort();
  expect(of('{"userId":"a","anonymousId":"b","previousId":"c","user_id":4,"groupId":"g"}')).toEqual([
    '4',
    'a',
    'b',
    'c',
  ]);
  expect(of('[{"userId":"a"},{"batch":[{"anonymous_id":"b"}]}]')).toEqual(['a', 'b']);
  expect(of('{"properties":{"userId":"a"},"text":"\\"userId\\":\\"b\\"","userId":{"x":1}}')).toEqual([]);
  expect(of('{"user_id":"\\u0061d\\"a","text":"cut')).toEqual(['ad"a']);
  expect(of('"userId"')).toEqual([]);
  expect(of('')).toEqual([]);
});
