import { expect, it } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import { parseParts, requireEngines } from './parts.ts';

it('takes parts in any order, each once', () => {
  expect(parseParts('loader, collector,loader')).toEqual(['collector', 'loader']);
  expect(parseParts(undefined)).toBeUndefined();
});

it.each(['', 'server', 'collector,', 'Loader'])('refuses %j with the names that it knows', (text) => {
  expect(() => parseParts(text)).toThrow('collector, studio, loader');
});

it('names the engines that a single part lacks', () => {
  const config = (env: Record<string, string>) => readConfig({ env }).config;
  const CLICKHOUSE_URL = 'http://user:pass@clickhouse:8123';
  const DATABASE_URL = 'postgres://user:pass@postgres/millrace';
  expect(() => requireEngines(config({}))).toThrow('--only needs CLICKHOUSE_URL and DATABASE_URL');
  expect(() => requireEngines(config({ CLICKHOUSE_URL }))).toThrow('--only needs DATABASE_URL');
  expect(() => requireEngines(config({ CLICKHOUSE_URL, DATABASE_URL }))).not.toThrow();
});
