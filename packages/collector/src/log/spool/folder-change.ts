import { watch } from 'node:fs';

/**
 * Resolves as soon as `isDue` does to true, at the latest after `timeoutMs`. It asks when the folder changes
 * and every `pollMs`, since not every file system tells of changes.
 */
export async function waitForChange(
  folder: string,
  isDue: () => Promise<boolean>,
  timeoutMs: number,
  options: { pollMs?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const { pollMs = 50, signal } = options;
  const deadline = performance.now() + timeoutMs;
  let poke = () => {};
  // A change between two looks must not be missed, nor a burst of changes cause more than one look.
  let changed = false;
  const notice = () => {
    changed = true;
    poke();
  };
  const watcher = startWatch(folder, notice);
  signal?.addEventListener('abort', notice, { once: true });
  try {
    while (!signal?.aborted && !(await isDue())) {
      const left = deadline - performance.now();
      if (left <= 0) return;
      if (!changed) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(pollMs, left));
          poke = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      changed = false;
    }
  } finally {
    signal?.removeEventListener('abort', notice);
    watcher?.close();
  }
}

function startWatch(folder: string, notice: () => void): { close(): void } | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, notice);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
