import { checkWarehouse, createWarehouseClient } from '@millrace/warehouse-schema';
import { isLoopback } from '../config/read-config.ts';
import { type Check, type Finding, ok, problem, warning } from './finding.ts';

const TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 8_000;
const CLOCK_SKEW_MS = 2_000;

/** Whether the server answers and takes events. */
export const server: Check = {
  name: 'server',
  async look({ run, paths }) {
    if (!run) return [warning('nothing runs over this data folder', 'millrace start')];
    try {
      const response = await fetch(new URL('/readyz', run.url), { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (response.ok) return [ok(`${run.url} takes events`)];
      const body = (await response.json().catch(() => ({}))) as { reason?: string };
      return [
        problem(
          `${run.url} refuses events: ${body.reason ?? response.status}`,
          `see ${paths.logs}/server.log`,
        ),
      ];
    } catch (error) {
      return [problem(`${run.url} does not answer: ${words(error)}`, `see ${paths.logs}/server.log`)];
    }
  },
};

/** Whether the definitions answer, and hold a key that can be used. */
export const definitions: Check = {
  name: 'definitions',
  async look({ installation, run, config, paths }) {
    try {
      const store = await installation.definitions();
      const pending = await store.planMigrations();
      if (pending.length > 0) {
        return [problem(`their schema is old: ${pending.join(', ')} are not applied`, 'millrace migrate')];
      }
      const { keys } = await store.activeKeys();
      const usable = keys.filter((key) => !key.loopbackOnly || isLoopback(run?.host ?? config.host));
      if (usable.length > 0) return [ok(`${usable.length} write keys can be used`)];
      return [warning('no write key can be used, so every event is refused with 401', 'millrace key create')];
    } catch (error) {
      const where = config.databaseUrl ? 'check DATABASE_URL' : `see ${paths.logs}/definitions.log`;
      return [problem(`the definitions do not answer: ${words(error)}`, where)];
    }
  },
};

/** Whether the warehouse answers and is as exactly-once needs it. */
export const warehouse: Check = {
  name: 'warehouse',
  async look({ installation, config, now }) {
    let client: ReturnType<typeof createWarehouseClient>;
    try {
      const { admin } = await installation.warehouse();
      client = createWarehouseClient({ ...admin, requestTimeoutMs: QUERY_TIMEOUT_MS });
    } catch (error) {
      return [problem(`ClickHouse does not start: ${words(error)}`, 'see clickhouse.log in the data folder')];
    }
    try {
      const findings: Finding[] = (await checkWarehouse(client)).map(({ severity, message, fix }) => ({
        severity,
        message,
        fix,
      }));
      if (config.clickhouseUrl) findings.push(...(await clockSkew(client, now)));
      return findings.length > 0 ? findings : [ok('ClickHouse answers, and every table is as it should be')];
    } finally {
      await client.close();
    }
  },
};

async function clockSkew(
  client: ReturnType<typeof createWarehouseClient>,
  now: () => number,
): Promise<Finding[]> {
  const before = now();
  const [row] = await client.query<{ ms: number }>('SELECT toUnixTimestamp64Milli(now64(3)) AS ms');
  const skew = Math.abs((row?.ms ?? 0) - (before + now()) / 2);
  return skew > CLOCK_SKEW_MS
    ? [
        warning(
          `the clock of ClickHouse is ${Math.round(skew / 1_000)} s from this machine's`,
          'synchronise both clocks',
        ),
      ]
    : [];
}

function words(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(words).join('; ');
  return error instanceof Error ? error.message : String(error);
}
