import { describe, expect, it } from 'vitest';
import { checkStatement } from './check-statement.ts';
import { tokenize } from './tokenize.ts';

const names = (sql: string) =>
  tokenize(sql)
    .filter(({ kind }) => kind !== 'symbol')
    .map(({ text }) => text);

describe('tokenize', () => {
  it.each([
    ["SELECT 'it''s \\' file' AS a", ['SELECT', 'AS', 'a']],
    ['SELECT `a``b`, "c\\x64"', ['SELECT', 'a`b', 'cd']],
    ['SELECT 1 -- file\n, b # file\n, c /* file */, 0xfile', ['SELECT', 'b', 'c']],
    ['SELECT $x$ file $x$, $$ file $$, d', ['SELECT', 'd']],
    ["SELECT 'open file", ['SELECT']],
    ['/* open file', []],
  ])('reads the names of %s', (sql, expected) => {
    expect(names(sql)).toEqual(expected);
  });
});

describe('checkStatement', () => {
  it.each(['SELECT 1', ' \n(select 1)', '-- a\nWITH a AS (SELECT 1) SELECT * FROM a', 'explain SELECT 1'])(
    'lets through %s',
    (sql) => {
      expect(() => checkStatement(sql)).not.toThrow();
    },
  );

  it.each(['', ';', '1', "'SELECT'", '`SELECT` 1', 'DROP TABLE events'])('refuses %j', (sql) => {
    expect(() => checkStatement(sql)).toThrow(expect.objectContaining({ code: 'not_a_query' }));
  });

  it('names what the statement begins with', () => {
    expect(() => checkStatement('/* SELECT */ drop table t')).toThrow('begins with drop');
  });
});
