/** Resolves at the first Ctrl-C, SIGTERM or SIGHUP. Later ones change nothing: a stop has its own deadlines. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}
