import type { PGlite } from '@electric-sql/pglite';

const WRITES = /insert|update|delete|truncate|merge|copy|alter|drop/i;

/**
 * Calls back when a message of a client may change something. A write by a statement that was prepared
 * earlier goes unseen, and some reads are taken for writes: it is a hint to look, no more.
 */
export function watchWrites(db: PGlite, onWrite: () => void): void {
  const run = db.execProtocolRawStream.bind(db);
  db.execProtocolRawStream = (message, options) => {
    if (WRITES.test(Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1'))) {
      onWrite();
    }
    return run(message, options);
  };
}
