import type { DefinitionsStore } from '@millrace/definitions';
import { type Command, type CommandIo, parseFlags, UsageError } from '../command.ts';
import { isLoopback } from '../config/read-config.ts';
import { withInstallation } from '../installation/installation.ts';
import { formatTable } from '../output/table.ts';
import { loadConfig } from './load-config.ts';

const flags = { project: { type: 'string' }, name: { type: 'string' }, server: { type: 'boolean' } } as const;

/** `millrace key`: makes, revokes and lists write keys. */
export const key: Command = {
  summary: 'create, revoke and list write keys',
  usage: `Usage: millrace key create [--server] [--project <name>] [--name <label>]
       millrace key revoke <key>
       millrace key list

A write key lets its holder send events to one project and read of its flags and experiments what clients may see; it
stands in web pages for everyone to read. A server key (sk_...) also reads all of them: keep it secret. A new key works
at once; a revoked one is refused within a second, for good.

  --server    a secret key for servers
  --project   the project the key is for, made if it does not exist (default: demo)
  --name      what the key is for, such as "web shop"
  --data      the data folder
`,
  async run(argv, io) {
    const [action, ...rest] = argv;
    const parsed = parseFlags(rest, flags, { positionals: action === 'revoke' ? ['key'] : [] });
    const config = loadConfig(io, parsed.values);
    const log = (line: string) => io.stderr.write(`${line}\n`);
    const run = (create: boolean, use: (store: DefinitionsStore, host: string) => Promise<void>) =>
      withInstallation({ config, create, log }, async (installation) => {
        const store = await installation.definitions();
        await use(store, installation.run?.host ?? config.host);
        return 0;
      });

    switch (action) {
      case 'create':
        return run(true, (store) => createKey(store, io, parsed.values));
      case 'revoke': {
        const [writeKey] = parsed.positionals;
        if (writeKey === undefined) throw new UsageError('expected the key to revoke');
        return run(false, (store) => revokeKey(store, io, writeKey));
      }
      case 'list':
        return run(false, (store, host) => listKeys(store, io, isLoopback(host)));
      default:
        throw new UsageError(
          `expected create, revoke or list${action ? `, got ${JSON.stringify(action)}` : ''}`,
        );
    }
  },
};

async function createKey(
  store: DefinitionsStore,
  io: CommandIo,
  values: { project?: string | undefined; name?: string | undefined; server?: boolean | undefined },
): Promise<void> {
  const { project: projectName = 'demo', name = '', server = false } = values;
  const project = await store.ensureProject(projectName);
  const kind = server ? 'server' : 'client';
  const made = await store.createKey({ projectId: project.projectId, name, kind });
  io.stderr.write(
    `${server ? 'server' : 'write'} key for project ${project.name} (id ${project.projectId}):\n`,
  );
  io.stdout.write(`${made.writeKey}\n`);
}

async function revokeKey(store: DefinitionsStore, io: CommandIo, writeKey: string): Promise<void> {
  const revoked = await store.revokeKey(writeKey);
  io.stdout.write(`revoked ${revoked.writeKey} of project ${revoked.project}\n`);
}

async function listKeys(store: DefinitionsStore, io: CommandIo, onLoopback: boolean): Promise<void> {
  const rows = (await store.listKeys()).map((found) => [
    found.writeKey,
    found.kind,
    found.project,
    found.name,
    found.createdAt.toISOString().slice(0, 19),
    found.revokedAt ? `revoked ${found.revokedAt.toISOString().slice(0, 19)}` : stateOf(found, onLoopback),
  ]);
  if (rows.length === 0) io.stderr.write('there is no write key yet: millrace key create\n');
  else io.stdout.write(formatTable(['KEY', 'KIND', 'PROJECT', 'NAME', 'CREATED', 'STATE'], rows));
}

/** What becomes of events under a key that is not revoked. */
export function stateOf(key: { loopbackOnly: boolean }, onLoopback: boolean): string {
  if (!key.loopbackOnly) return 'active';
  return onLoopback ? 'active on loopback' : 'refused: for a server on loopback only';
}
