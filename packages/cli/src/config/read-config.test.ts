import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { readConfig } from './read-config.ts';

describe('readConfig', () => {
  it('has a default for everything that is needed', () => {
    const { config, warnings } = readConfig({ env: {} });
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 3500,
      dataDir: join(process.cwd(), '.millrace'),
      clickhouseHttpPort: 3510,
      clickhouseTcpPort: 3511,
      definitionsPort: 3512,
      loaderPort: 3513,
      maxEventBytes: 32 * 1024,
      maxBatchBytes: 500 * 1024,
      trustedHops: 0,
      isLoopback: true,
    });
    expect(config.databaseUrl).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it('lists all problems at once, each with its variable and what was expected', () => {
    const env = {
      PORT: '70000',
      HOST: 'http://x',
      CLICKHOUSE_URL: 'localhost:8123',
      MILLRACE_SPOOL_QUOTA_BYTES: 'ten',
      KAFKA_BROKERS: 'localhost',
      MILLRACE_KAFKA_PACKING: 'bundles',
      MILLRACE_ADMIN_TOKEN: 'short',
    };
    const problems = problemsOf(env);
    expect(problems.map((problem) => problem.variable).sort()).toEqual(Object.keys(env).sort());
    const port = problems.find((problem) => problem.variable === 'PORT');
    expect(port).toEqual({ variable: 'PORT', value: '70000', expected: 'a whole number from 1 to 65535' });
    expect(problems.find((problem) => problem.variable === 'KAFKA_BROKERS')?.expected).toContain(
      'addresses with ports',
    );
  });

  it('reads how to reach Kafka, and wants a user and a password with SASL', () => {
    const env = { KAFKA_BROKERS: 'a:9092, [::1]:9093', MILLRACE_KAFKA_SASL: 'scram-sha-512' };
    expect(problemsOf(env).map(({ variable }) => variable)).toEqual([
      'MILLRACE_KAFKA_USERNAME',
      'MILLRACE_KAFKA_PASSWORD',
    ]);
    const login = { MILLRACE_KAFKA_USERNAME: 'millrace', MILLRACE_KAFKA_PASSWORD: 'hunter2' };
    const { config, entries } = readConfig({ env: { ...env, ...login } });
    expect(config).toMatchObject({ kafkaBrokers: ['a:9092', '[::1]:9093'], kafkaPacking: 'events' });
    expect(JSON.stringify(entries)).not.toContain('hunter2');
  });

  it('never prints a secret, not even a wrong one', () => {
    const env = { MILLRACE_ADMIN_TOKEN: 'hunter2', DATABASE_URL: 'mysql://root:hunter2@db/x' };
    expect(JSON.stringify(problemsOf(env))).not.toContain('hunter2');
    const { entries } = readConfig({
      env: {
        MILLRACE_ADMIN_TOKEN: 'hunter2hunter2hunter2',
        CLICKHOUSE_URL: 'http://admin:hunter2@ch:8123/',
        DATABASE_URL: 'postgres://millrace:hunter2@db:5432/millrace',
      },
    });
    expect(JSON.stringify(entries)).not.toContain('hunter2');
    expect(entries.find((entry) => entry.variable === 'CLICKHOUSE_URL')?.value).toBe(
      'http://admin:********@ch:8123/',
    );
  });

  it('lets a flag win over the environment, and names the flag in a problem', () => {
    const { config, entries } = readConfig({ env: { PORT: '4000' }, flags: { port: '4001' } });
    expect(config.port).toBe(4001);
    expect(entries.find((entry) => entry.variable === 'PORT')?.source).toBe('flag');
    expect(problemsOf({ PORT: '4000' }, { port: 'x' })[0]?.variable).toBe('--port');
  });

  it('takes an empty variable as not set', () => {
    expect(readConfig({ env: { PORT: '', HOST: ' ' } }).config).toMatchObject({
      port: 3500,
      host: '127.0.0.1',
    });
  });

  it('reads sizes with units', () => {
    const { config } = readConfig({
      env: { MILLRACE_SPOOL_QUOTA_BYTES: '2GB', MILLRACE_MAX_EVENT_BYTES: '64kb' },
    });
    expect(config.spoolQuotaBytes).toBe(2 * 1024 ** 3);
    expect(config.maxEventBytes).toBe(64 * 1024);
  });

  it('refuses two services on one port, and a batch smaller than an event', () => {
    expect(problemsOf({ PORT: '3510' })[0]).toMatchObject({ variable: 'MILLRACE_CLICKHOUSE_HTTP_PORT' });
    expect(problemsOf({ MILLRACE_MAX_BATCH_BYTES: '2KB' })[0]).toMatchObject({
      variable: 'MILLRACE_MAX_BATCH_BYTES',
    });
  });

  it('warns of a variable that nothing reads, with the nearest name', () => {
    const { warnings } = readConfig({ env: { MILLRACE_DAT: 'x', MILLRACE_ZZZZZZZZZZZZ: '1' } });
    expect(warnings).toEqual([
      'MILLRACE_DAT is not a setting of Millrace; did you mean MILLRACE_DATA?',
      'MILLRACE_ZZZZZZZZZZZZ is not a setting of Millrace',
    ]);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.3.2.1', true],
    ['localhost', true],
    ['::1', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['::', false],
    ['127.0.0.1.example.com', false],
    ['192.168.1.5', false],
  ])('knows whether %s is loopback: %s', (host, expected) => {
    expect(readConfig({ env: { HOST: host } }).config.isLoopback).toBe(expected);
  });
});

function problemsOf(env: Record<string, string>, flags: Record<string, string> = {}) {
  try {
    readConfig({ env, flags });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('expected a ConfigError');
}
