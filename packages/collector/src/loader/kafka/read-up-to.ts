import type { LogReader } from '../../log/event-log.ts';

/** As many messages are asked for at a time; they are in memory together. */
const MESSAGES = 4000;

/**
 * A reader of a partition that waits for what it has not been sent yet, up to an offset, where it ends. What was
 * read is let go as soon as one reads on behind it.
 */
export function readUpTo(reader: LogReader, end: number): LogReader {
  return {
    ...reader,
    async read(from, limit) {
      await reader.release(from);
      if (from.offset >= end) return { records: [], next: from, finished: false };
      const until = Math.min(from.offset + MESSAGES, end);
      try {
        return await reader.read(from, limit, until);
      } catch (error) {
        // Out of retention, or never there: not every offset has a message.
        if ((error as { code?: unknown }).code !== 'offsets_gone') throw error;
        return { records: [], next: { logId: from.logId, offset: until }, finished: false };
      }
    },
  };
}
