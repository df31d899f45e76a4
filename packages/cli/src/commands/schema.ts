import {
  createWarehouseClient,
  describeDifference,
  diffSchema,
  migrate,
  planSchema,
  remedyOf,
  type SchemaDiff,
  type SchemaPlan,
  type WarehouseClient,
} from '@millrace/warehouse-schema';
import { type Command, type CommandIo, parseFlags, UsageError } from '../command.ts';
import { clusterOf } from '../installation/external-warehouse.ts';
import { withInstallation } from '../installation/installation.ts';
import { startPersonDictionary } from '../start/start-person-dictionary.ts';
import { loadConfig } from './load-config.ts';

const ACTIONS = ['plan', 'apply', 'diff'] as const;
type Action = (typeof ACTIONS)[number];

/** `millrace schema`: the warehouse's schema as it is, as it should be, and the way there. */
export const schema: Command = {
  summary: "plan, apply and compare the warehouse's schema",
  usage: `Usage: millrace schema plan [--json]
       millrace schema apply
       millrace schema diff [--json]

plan    says what the migrations of this version would do to the warehouse: every statement, whether it is safe, slow or
        unsafe, and the rows and bytes it touches. Changes nothing.
apply   shows the plan and carries it out; \`millrace start\` and \`millrace migrate\` do the same.
diff    compares every table, view and dictionary with the migrations that were applied, names what differs and the
        statement that would mend it. Exits with 1 if anything does, or a migration is not applied yet.

  --json   as JSON
  --data   the data folder
`,
  async run(argv, io) {
    const [action, ...rest] = argv;
    if (!isAction(action)) {
      throw new UsageError(`expected plan, apply or diff${action ? `, got ${JSON.stringify(action)}` : ''}`);
    }
    const { values } = parseFlags(rest, action === 'apply' ? {} : { json: { type: 'boolean' } });
    const config = loadConfig(io, values);
    const log = (line: string) => io.stderr.write(`${line}\n`);
    return withInstallation({ config, create: action === 'apply', log }, async (installation) => {
      const { admin } = await installation.warehouse();
      const client = createWarehouseClient({ ...admin, requestTimeoutMs: STATEMENT_TIMEOUT_MS });
      try {
        const asJson = 'json' in values && values.json === true;
        if (action === 'diff') return await diff(client, io, asJson);
        if (action === 'apply') await client.createDatabase();
        const options = { client, cluster: clusterOf(config) };
        const plan = await planSchema(options);
        io.stdout.write(asJson ? `${JSON.stringify(plan, null, 2)}\n` : describePlan(plan));
        if (action === 'plan') return 0;
        const { pending } = await migrate(options);
        await startPersonDictionary(client, admin, log);
        io.stdout.write(`${pending.length} migrations applied\n`);
        return 0;
      } finally {
        await client.close();
      }
    });
  },
};

/** A statement that rewrites a column may take as long as it likes. */
const STATEMENT_TIMEOUT_MS = 24 * 60 * 60_000;

function isAction(text: string | undefined): text is Action {
  return ACTIONS.some((action) => action === text);
}

async function diff(client: WarehouseClient, io: CommandIo, asJson: boolean): Promise<number> {
  const found = await diffSchema({ client, needsPeople: true });
  io.stdout.write(asJson ? `${JSON.stringify(found, null, 2)}\n` : describeDiff(found));
  return found.differences.length + found.pending.length > 0 ? 1 : 0;
}

const numbered = ({ version, name }: { version: number; name: string }) =>
  `${String(version).padStart(4, '0')}_${name}`;

function describePlan({ applied, pending }: SchemaPlan): string {
  const lines = [`${applied.length} migrations are applied, ${pending.length} are not`];
  for (const migration of pending) {
    lines.push('', numbered(migration));
    for (const { statement, risk, why, rows, bytes } of migration.statements) {
      const size = rows + bytes > 0 ? `; ${rows} rows, ${bytes} bytes` : '';
      lines.push(`  -- ${risk}: ${why}${size}`, ...statement.split('\n').map((line) => `  ${line}`), '  ;');
    }
  }
  return `${lines.join('\n')}\n`;
}

function describeDiff({ differences, pending }: SchemaDiff): string {
  const lines = differences.flatMap((one) => [describeDifference(one), `    -> ${remedyOf(one)}`]);
  for (const migration of pending) {
    lines.push(`${numbered(migration)} is not applied`, '    -> millrace schema apply');
  }
  if (lines.length === 0) return 'the warehouse is as its migrations make it\n';
  return `${lines.join('\n')}\n\n${differences.length} differences, ${pending.length} migrations not applied\n`;
}
