import {
  checkWarehouse,
  createWarehouseClient,
  type Finding,
  type WarehouseClient,
  type WarehouseConnection,
} from '@millrace/warehouse-schema';
import { PreflightError } from './preflight.ts';

/** What no migration could put right. */
const UNUSABLE = ['warehouse_unreachable', 'version_too_old', 'right_missing', 'insert_setting'];
/** What would break "once" without a sound. */
const INEXACT = [...UNUSABLE, 'table_setting', 'table_missing'];

/** Rejects with `PreflightError` where the ClickHouse of `CLICKHOUSE_URL` is too old, or its user may not do enough. */
export async function requireUsable(client: WarehouseClient, named = 'CLICKHOUSE_URL'): Promise<void> {
  refuse(await checkWarehouse(client), UNUSABLE, named);
}

/** After the migrations: rejects where a table or a setting would let an event be counted twice; says what else there is. */
export async function requireExact(client: WarehouseClient, log: (line: string) => void): Promise<void> {
  const findings = await checkWarehouse(client);
  refuse(findings, INEXACT);
  for (const { message, fix } of findings) log(`warehouse: ${message} ${fix}`);
}

/**
 * Rejects where the user of `MILLRACE_CLICKHOUSE_READER_URL`, who answers to everybody's SQL, may write; says where
 * there is no such user.
 */
export async function requireHarmlessReader(
  reader: WarehouseConnection,
  database: string,
  log: (line: string) => void,
): Promise<void> {
  const client = createWarehouseClient(reader);
  try {
    for (const right of ['INSERT', 'ALTER', 'DROP TABLE']) {
      if ((await client.text(`CHECK GRANT ${right} ON ${database}.*`)).trim() !== '1') continue;
      throw new PreflightError(
        `The user of MILLRACE_CLICKHOUSE_READER_URL may ${right} on ${database}: anybody's SQL runs as that user.`,
        `Name one that may only read: GRANT SELECT, dictGet ON ${database}.* TO that user.`,
      );
    }
  } catch (error) {
    if (error instanceof PreflightError) throw error;
    log(
      `no /sql and no pages: the reader of ClickHouse cannot log in (${words(error)}); see MILLRACE_CLICKHOUSE_READER_URL`,
    );
  } finally {
    await client.close();
  }
}

function refuse(findings: readonly Finding[], codes: readonly string[], named = 'CLICKHOUSE_URL'): void {
  const found = findings.filter(({ code, severity }) => severity === 'error' && codes.includes(code));
  if (found.length === 0) return;
  throw new PreflightError(
    `The ClickHouse of ${named} cannot be used.\n${found.map(({ message }) => `  ${message}`).join('\n')}`,
    found.map(({ fix }) => fix).join('\n'),
  );
}

function words(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
