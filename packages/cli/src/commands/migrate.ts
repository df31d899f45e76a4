import {
  createWarehouseClient,
  migrate as migrateWarehouse,
  planMigrations,
} from '@millrace/warehouse-schema';
import { type Command, parseFlags } from '../command.ts';
import { clusterOf } from '../installation/external-warehouse.ts';
import { withInstallation } from '../installation/installation.ts';
import { startPersonDictionary } from '../start/start-person-dictionary.ts';
import { loadConfig } from './load-config.ts';

/** `millrace migrate`: brings warehouse and definitions to this version's schema. */
export const migrate: Command = {
  summary: 'bring warehouse and definitions to the schema of this version',
  usage: `Usage: millrace migrate [--plan]

Applies the migrations that are not applied yet, to ClickHouse and to PostgreSQL; \`millrace start\` does the same.
Refuses when one that was applied has been edited since.

  --plan   only say what would be done
  --data   the data folder
`,
  async run(argv, io) {
    const { values } = parseFlags(argv, { plan: { type: 'boolean' } });
    const config = loadConfig(io, values);
    const log = (line: string) => io.stderr.write(`${line}\n`);
    return withInstallation({ config, create: !values.plan, log }, async (installation) => {
      const store = await installation.definitions();
      const definitions = values.plan ? await store.planMigrations() : await store.migrate();
      const cluster = clusterOf(config);
      const { admin } = await installation.warehouse();
      const client = createWarehouseClient(admin);
      try {
        const { applied, pending } = values.plan
          ? await planMigrations({ client, cluster })
          : await migrateWarehouse({ client, cluster });
        if (!values.plan) await startPersonDictionary(client, admin, log);
        const names = pending.map(({ version, name }) => `${String(version).padStart(4, '0')}_${name}`);
        report(io.stdout, 'definitions', definitions, values.plan);
        report(io.stdout, 'warehouse', names, values.plan);
        if (values.plan) {
          for (const { statements } of pending) {
            for (const statement of statements) io.stdout.write(`\n${statement};\n`);
          }
        }
        io.stderr.write(`${applied.length} migrations of the warehouse were applied before\n`);
        return 0;
      } finally {
        await client.close();
      }
    });
  },
};

function report(
  out: { write(text: string): unknown },
  part: string,
  names: readonly string[],
  plan: boolean | undefined,
): void {
  if (names.length === 0) out.write(`${part}: nothing to do\n`);
  for (const name of names) out.write(`${part}: ${plan ? 'would apply' : 'applied'} ${name}\n`);
}
