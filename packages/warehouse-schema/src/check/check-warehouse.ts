import type { WarehouseClient } from '../client.ts';
import { planMigrations } from '../migrations/migrate.ts';
import { MigrationError } from '../migrations/migration-error.ts';
import { checkActivity } from './check-activity.ts';
import { checkBackfills } from './check-backfills.ts';
import { checkDrift } from './check-drift.ts';
import { checkInsertSettings } from './check-insert-settings.ts';
import { checkSettings } from './check-settings.ts';
import type { Finding } from './finding.ts';

export type { Finding } from './finding.ts';

/** The oldest ClickHouse with everything that the schema uses. */
const OLDEST_VERSION = [25, 8] as const;
const PROBE_COMMENT = 'millrace doctor looks whether ClickHouse can read files outside its folder';
const RIGHTS = ['SELECT', 'INSERT', 'ALTER', 'CREATE TABLE', 'CREATE VIEW', 'DROP TABLE', 'TRUNCATE'];

/**
 * What is wrong with a warehouse, seen as the administrator: version, rights, migrations, the settings that exactly-once
 * rests on, and drift of the tables from their migrations. Empty when all is well. Never throws: what cannot be looked at
 * is a finding.
 */
export async function checkWarehouse(client: WarehouseClient): Promise<Finding[]> {
  const reached = await attempt(
    () => checkVersion(client),
    'warehouse_unreachable',
    'ClickHouse does not answer',
  );
  if (reached.some(({ code }) => code === 'warehouse_unreachable')) return reached;
  const findings = [...reached];
  for (const check of [
    checkRights,
    checkInsertSettings,
    checkMigrations,
    checkSettings,
    checkDrift,
    checkActivity,
    checkBackfills,
    checkConfinement,
  ]) {
    findings.push(...(await attempt(() => check(client), 'check_failed', 'A check could not be made')));
  }
  return findings;
}

async function attempt(check: () => Promise<Finding[]>, code: string, message: string): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof MigrationError) {
      return [
        {
          severity: 'error',
          code: `migration_${error.code}`,
          message: error.message,
          fix: 'Nothing is migrated until then.',
        },
      ];
    }
    const reason = error instanceof Error ? error.message : String(error);
    return [
      {
        severity: 'error',
        code,
        message: `${message}: ${reason}`,
        fix: 'See its log, and its address and password.',
      },
    ];
  }
}

async function checkVersion(client: WarehouseClient): Promise<Finding[]> {
  const [row] = await client.query<{ version: string }>('SELECT version() AS version');
  const version = row?.version ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_VERSION;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return [];
  return [
    {
      severity: 'error',
      code: 'version_too_old',
      message: `ClickHouse is ${version}; the schema needs ${OLDEST_VERSION.join('.')} or newer.`,
      fix: 'Update ClickHouse.',
    },
  ];
}

async function checkRights(client: WarehouseClient): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const right of RIGHTS) {
    const granted = await client.text(`CHECK GRANT ${right} ON ${client.database}.*`);
    if (granted.trim() === '1') continue;
    findings.push({
      severity: 'error',
      code: 'right_missing',
      message: `The administrator may not ${right} on ${client.database}.`,
      fix: `GRANT ${right} ON ${client.database}.* to that user.`,
    });
  }
  return findings;
}

async function checkMigrations(client: WarehouseClient): Promise<Finding[]> {
  const { pending } = await planMigrations({ client });
  if (pending.length === 0) return [];
  return [
    {
      severity: 'error',
      code: 'migrations_pending',
      message: `Not yet applied: ${pending.map(({ version, name }) => `${version} ${name}`).join(', ')}.`,
      fix: 'millrace migrate',
    },
  ];
}

/** A ClickHouse server checks paths itself; the embedded one must have given up the file system (Linux 5.19). */
async function checkConfinement(client: WarehouseClient): Promise<Finding[]> {
  // Where it is refused, ClickHouse logs that as an error: the comment tells the reader who asked.
  const settings = { log_comment: PROBE_COMMENT };
  const readable = await client.query("SELECT length(file('/etc/group'))", { settings }).then(
    () => true,
    () => false,
  );
  if (!readable) return [];
  return [
    {
      severity: 'warning',
      code: 'files_readable',
      message: 'Whoever has the password of a ClickHouse user can read the files of the user that runs it.',
      fix: 'POST /sql refuses it. Keep the ports of ClickHouse on loopback; on Linux a kernel with Landlock (5.19) closes it.',
    },
  ];
}
