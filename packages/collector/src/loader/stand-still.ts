import { pauseLoader } from './loader-lock.ts';

export interface LoaderStandStillOptions {
  /** The loader's folder. */
  stateDir: string;
  /** How long to wait for a running loader to stand still. @default 60000 */
  timeoutMs?: number;
}

/**
 * Runs the operation while the loader of the spool, wherever it runs, inserts nothing; also within its own process.
 * Events are still taken.
 * @throws FolderLockedError if another process does the same, or the loader does not stand still in time.
 */
export async function whileLoaderStandsStill<T>(
  { stateDir, timeoutMs = 60_000 }: LoaderStandStillOptions,
  operation: () => Promise<T>,
): Promise<T> {
  const resume = await pauseLoader(stateDir, timeoutMs);
  try {
    return await operation();
  } finally {
    await resume();
  }
}
