import { createDefinitionsStore } from '@millrace/definitions';

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

/**
 * Brings the definitions to this version's schema and sees to it that there is a project and a key: the demo
 * key where only this machine can reach the server, else one made at random.
 */
export async function prepareDefinitions(options: {
  connectionString: string;
  isLoopback: boolean;
}): Promise<PreparedDefinitions> {
  const store = createDefinitionsStore({ connectionString: options.connectionString });
  try {
    await store.migrate();
    const { projectId } = await store.ensureProject(DEMO_PROJECT);
    await store.ensureKey({ projectId, writeKey: DEMO_KEY, name: 'demo', loopbackOnly: true });
    const { keys } = await store.activeKeys();
    const usable = keys.filter(
      (key) => key.projectId === projectId && (options.isLoopback || !key.loopbackOnly),
    );
    const known = usable.find((key) => key.loopbackOnly) ?? usable[0];
    if (known) return { projectId, writeKey: known.writeKey, isNewKey: false };
    const made = await store.createKey({ projectId, name: 'first' });
    return { projectId, writeKey: made.writeKey, isNewKey: true };
  } finally {
    await store.close();
  }
}
