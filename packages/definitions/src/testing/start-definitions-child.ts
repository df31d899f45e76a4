import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/** For tests: the definitions in a process of their own, which can be killed. */
export interface DefinitionsChild {
  connectionString: string;
  process: ChildProcess;
  kill(): Promise<void>;
}

/** For tests: bundles the child, since plain Node does not read TypeScript. */
export async function buildDefinitionsChild(): Promise<void> {
  await build({
    entry: [fileURLToPath(new URL('./definitions-child.ts', import.meta.url))],
    outDir: DIST,
    format: ['esm'],
    target: 'node20',
    external: ['pg', 'nanotar', /^@electric-sql\//],
    silent: true,
    clean: false,
    config: false,
  });
}

/** For tests: starts the bundled child over a folder. */
export async function startDefinitionsChild(dataDir: string): Promise<DefinitionsChild> {
  const child = fork(`${DIST}/definitions-child.js`, [dataDir], { execArgv: [], stdio: 'inherit' });
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the definitions ended with code ${code}`);
    }),
  ])) as [{ connectionString: string }];
  return {
    connectionString: message.connectionString,
    process: child,
    async kill() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
