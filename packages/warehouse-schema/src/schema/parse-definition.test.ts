import { expect, it } from 'vitest';
import { parseDefinition } from './parse-definition.ts';

it('takes a table apart, whatever stands in quotes', () => {
  const { columns, indexes, projections, clauses, settings } = parseDefinition(
    "CREATE TABLE m.t (`a` Enum8('x, (' = 1, 'AS \\' TTL ' = 2) DEFAULT 'x, (' COMMENT 'it\\'s, (CODEC' CODEC(Delta(8), ZSTD(1)) TTL b + toIntervalDay(1), `b` DateTime('UTC'), `c d` String ALIAS concat('`', \"e\"), INDEX i (a, b) TYPE set(2) GRANULARITY 1, PROJECTION p (SELECT a ORDER BY b)) ENGINE = ReplacingMergeTree(b) PARTITION BY toYYYYMM(b) ORDER BY (a, b) TTL b + toIntervalDay(least(3, 4)) SETTINGS index_granularity = 1024, storage_policy = 'a, b' COMMENT 'SETTINGS x = 1'",
  );
  expect(Object.fromEntries(columns.get('a') ?? [])).toEqual({
    type: "Enum8('x, (' = 1, 'AS \\' TTL ' = 2)",
    DEFAULT: "'x, ('",
    COMMENT: "'it\\'s, (CODEC'",
    CODEC: '(Delta(8), ZSTD(1))',
    TTL: 'b + toIntervalDay(1)',
  });
  expect([...columns.keys()]).toEqual(['a', 'b', 'c d']);
  expect(indexes.get('i')).toBe('INDEX i (a, b) TYPE set(2) GRANULARITY 1');
  expect(projections.get('p')).toBe('PROJECTION p (SELECT a ORDER BY b)');
  expect(Object.fromEntries(clauses)).toEqual({
    ENGINE: 'ReplacingMergeTree(b)',
    'PARTITION BY': 'toYYYYMM(b)',
    'ORDER BY': '(a, b)',
    TTL: 'b + toIntervalDay(least(3, 4))',
    COMMENT: "'SETTINGS x = 1'",
  });
  expect(Object.fromEntries(settings)).toEqual({ index_granularity: '1024', storage_policy: "'a, b'" });
});

it('takes a view apart up to what it selects', () => {
  const { kind, clauses, columns } = parseDefinition(
    'CREATE MATERIALIZED VIEW m.v TO m.t (`a` UInt8) AS SELECT a AS b FROM m.e ORDER BY a TTL SETTINGS x = 1',
  );
  expect(kind).toBe('MATERIALIZED VIEW');
  expect([...columns.keys()]).toEqual(['a']);
  expect(Object.fromEntries(clauses)).toEqual({
    TO: 'm.t',
    AS: 'SELECT a AS b FROM m.e ORDER BY a TTL SETTINGS x = 1',
  });
});

it('refuses what is no definition', () => {
  expect(() => parseDefinition('SELECT 1')).toThrow('expected a CREATE statement');
});
