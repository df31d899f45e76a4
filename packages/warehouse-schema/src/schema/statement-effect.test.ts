import { expect, it } from 'vitest';
import { readMigrations } from '../migrations/read-migrations.ts';
import { effectOf } from './statement-effect.ts';

it.each([
  ['CREATE TABLE IF NOT EXISTS a (b UInt8) ENGINE = MergeTree ORDER BY b', 'safe', undefined],
  ['CREATE MATERIALIZED VIEW IF NOT EXISTS a TO b AS SELECT 1', 'safe', undefined],
  ['ALTER TABLE events ADD COLUMN IF NOT EXISTS a UInt8', 'safe', undefined],
  ['ALTER TABLE events MODIFY SETTING a = 1', 'safe', undefined],
  ['ALTER TABLE events MODIFY COLUMN a REMOVE CODEC', 'safe', undefined],
  ['ALTER TABLE events MODIFY COLUMN IF EXISTS url LowCardinality(String)', 'slow', 'events.url'],
  ['ALTER TABLE millrace.`events` MATERIALIZE INDEX received', 'slow', 'events'],
  ['OPTIMIZE TABLE events FINAL', 'slow', 'events'],
  ['INSERT INTO events_15m SELECT * FROM x', 'slow', 'events_15m'],
  ['ALTER TABLE events DROP COLUMN IF EXISTS url', 'unsafe', 'events.url'],
  ['ALTER TABLE events MODIFY TTL timestamp + toIntervalDay(1)', 'unsafe', 'events'],
  ['ALTER TABLE events UPDATE url = 1 WHERE 1', 'unsafe', 'events'],
  ['ALTER TABLE events DELETE WHERE 1', 'unsafe', 'events'],
  ['DROP TABLE IF EXISTS millrace.events SYNC', 'unsafe', 'events'],
  ['TRUNCATE TABLE events', 'unsafe', 'events'],
  ['DROP VIEW IF EXISTS events_15m_mv', 'unsafe', undefined],
  ['ALTER TABLE a MODIFY QUERY SELECT 1', 'unsafe', undefined],
  ['SYSTEM SOMETHING NEW', 'unsafe', undefined],
])('%s is %s', (statement, risk, touches) => {
  const effect = effectOf(statement);
  expect(effect.risk).toBe(risk);
  const { table, column } = effect.touches ?? {};
  expect([table, column].filter(Boolean).join('.') || undefined).toBe(touches);
});

it('knows every statement of our own migrations', () => {
  for (const { statements } of readMigrations()) {
    for (const statement of statements) expect(effectOf(statement).why, statement).not.toContain('not known');
  }
});
