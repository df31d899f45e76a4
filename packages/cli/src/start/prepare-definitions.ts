import {
  type ActiveKey,
  createDefinitionsStore,
  DefinitionsMigrationError,
  readSnapshotKeys,
} from '@millrace/definitions';
import { PreflightError } from './preflight.ts';

/** The key that a server on loopback takes, so that the first event needs no set-up. */
const DEMO_KEY = 'wk_demo';
const DEMO_PROJECT = 'demo';

/** What a start found or made in the definitions. */
export interface PreparedDefinitions {
  projectId: number;
  /** A key that can be used now. */
  writeKey: string;
  /** The key was made by this start. */
  isNewKey: boolean;
}

/** Where the definitions are, and for whom they are prepared. */
export interface PrepareOptions {
  connectionString: string;
  snapshotFile: string;
  isLoopback: boolean;
  /** They are in the PostgreSQL of `DATABASE_URL`. */
  isOutside: boolean;
  log: (line: string) => void;
}

/**
 * Brings the definitions to this version's schema and sees to it that there is a project and a key: the demo
 * key where only this machine can reach the server, else one made at random. Where the database is away, the keys
 * of its last copy do; without a copy it rejects.
 */
export async function prepareDefinitions(options: PrepareOptions): Promise<PreparedDefinitions> {
  try {
    return await prepare(options);
  } catch (error) {
    if (error instanceof DefinitionsMigrationError) throw error;
    const copy = await readSnapshotKeys(options.snapshotFile).catch(() => undefined);
    const known = copy && pick(copy.keys, options.isLoopback);
    const reason = wordsOf(error);
    if (!known) {
      if (!options.isOutside) throw error;
      throw new PreflightError(
        `The PostgreSQL of DATABASE_URL cannot be used: ${reason}.`,
        'See that it runs, and that its address, user, password and database are right.',
      );
    }
    options.log(`the definitions are away (${reason}): starting with the keys as they were last`);
    return { projectId: known.projectId, writeKey: known.writeKey, isNewKey: false };
  }
}

async function prepare({ connectionString, isLoopback }: PrepareOptions): Promise<PreparedDefinitions> {
  const store = createDefinitionsStore({ connectionString });
  try {
    await store.migrate();
    const { projectId } = await store.ensureProject(DEMO_PROJECT);
    await store.ensureKey({ projectId, writeKey: DEMO_KEY, name: 'demo', loopbackOnly: true });
    const { keys } = await store.activeKeys();
    const known = pick(
      keys.filter((key) => key.projectId === projectId),
      isLoopback,
    );
    if (known) return { projectId, writeKey: known.writeKey, isNewKey: false };
    const made = await store.createKey({ projectId, name: 'first' });
    return { projectId, writeKey: made.writeKey, isNewKey: true };
  } finally {
    await store.close();
  }
}

function pick(keys: readonly ActiveKey[], isLoopback: boolean): ActiveKey | undefined {
  const usable = keys.filter((key) => isLoopback || !key.loopbackOnly);
  return usable.find((key) => key.loopbackOnly) ?? usable[0];
}

/** What a failed connection says is in the parts of its error. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
