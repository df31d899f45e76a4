import type { Logger } from '../../logger.ts';
import type { Loader } from '../loader-options.ts';

/**
 * A loader for an installation that goes over from its spool to Kafka: loads what is left in the spool, then goes on
 * with Kafka. Not both at a time: only what is loaded can be found when its id comes again by the other way.
 */
export function loadSpoolFirst(spool: Loader, kafka: Loader, logger: Logger): Loader {
  let current = spool;
  return {
    async run(signal) {
      const ending = new AbortController();
      const stop = () => ending.abort();
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      const running = spool.run(ending.signal);
      const isLoaded = await Promise.race([spool.drain(), running.then(() => false)]);
      stop();
      await running;
      if (signal.aborted || !isLoaded) return;
      const { chunks, events } = spool.status().totals;
      logger.info('The spool is loaded to its end; going on with Kafka', { chunks, events });
      current = kafka;
      await kafka.run(signal);
    },
    status: () => current.status(),
    drain: () => current.drain(),
  };
}
