/** What a child process does: `start` resolves when it serves, with what the supervisor is to know of it. */
export interface Child<Info> {
  info: Info;
  /** Ends in order: finishes what was begun, writes what must be written. */
  stop(): Promise<void>;
}

/**
 * Runs the body of a child process of the supervisor: takes its settings from the first message, says when
 * it is ready, answers its pings, and stops when asked, on SIGTERM, or when the supervisor itself is gone.
 */
export function runChild<Settings, Info>(start: (settings: Settings) => Promise<Child<Info>>): void {
  // Ctrl-C reaches the whole process group; the supervisor decides who stops when.
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  let child: Child<Info> | undefined;
  let stopping = false;

  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await child?.stop();
    process.exit(0);
  };

  const begin = async (settings: Settings) => {
    try {
      child = await start(settings);
      process.send?.({ ready: child.info });
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`${message}\n`);
      process.send?.({ failed: error instanceof Error ? error.message : message });
      process.exit(1);
    }
  };

  process.on('message', (message: { settings: Settings } | { stop: true } | { ping: true }) => {
    if ('ping' in message) process.send?.({ pong: true });
    else void ('stop' in message ? stop() : begin(message.settings));
  });
  process.once('SIGTERM', () => void stop());
  process.once('disconnect', () => void stop());
}
