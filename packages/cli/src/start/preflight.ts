import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { makeFolder } from '../data-dir/make-folder.ts';

/** Something that stops Millrace from starting, with the way out. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError' as const;
  readonly code = 'preflight';
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** Below this, a start is refused: the spool and ClickHouse both need room to stay consistent. */
const LEAST_FREE_BYTES = 512 * 1024 * 1024;

/** Rejects with PreflightError when nothing can listen on `host:port`. */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const problem = await listenProblem(host, port);
  if (problem === undefined) return;
  if (problem === 'EADDRINUSE') {
    throw new PreflightError(
      `Port ${port} is taken by another program.`,
      `Choose another (PORT=${port + 100} npm start), or stop what listens there (millrace stop, if it is Millrace).`,
    );
  }
  if (problem === 'EACCES') {
    throw new PreflightError(
      `Port ${port} may not be used by this user.`,
      'Choose one above 1024 (PORT=3500).',
    );
  }
  throw new PreflightError(
    `Cannot listen on ${host}:${port} (${problem}).`,
    'HOST must be an address of this machine: 127.0.0.1 for itself alone, 0.0.0.0 for all of its networks.',
  );
}

/** Whether something else listens on `host:port` already. */
export async function isPortFree(host: string, port: number): Promise<boolean> {
  return (await listenProblem(host, port)) === undefined;
}

function listenProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

/** Makes the data folder; rejects with PreflightError when it cannot be written or its disk is full. */
export async function requireDataFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (error) {
    throw new PreflightError(
      `The data folder ${folder} cannot be made (${(error as NodeJS.ErrnoException).code}).`,
      'Name another in MILLRACE_DATA.',
    );
  }
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw new PreflightError(
      `The data folder ${folder} cannot be written by this user (${(error as NodeJS.ErrnoException).code}).`,
      'Change its owner or its rights, or name another in MILLRACE_DATA.',
    );
  });
  const { bavail, bsize } = await statfs(folder);
  const free = Number(bavail) * Number(bsize);
  if (free >= LEAST_FREE_BYTES) return;
  throw new PreflightError(
    `The disk that holds ${folder} has ${Math.floor(free / 1024 / 1024)} MB free; 512 MB are needed to start.`,
    'Free some space, or name a folder on another disk in MILLRACE_DATA.',
  );
}
