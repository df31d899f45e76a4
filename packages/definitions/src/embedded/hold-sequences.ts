import type { PGlite } from '@electric-sql/pglite';

/** Parse, Bind, Describe, Execute, Close, Flush: what comes before a Sync. */
const BEFORE_SYNC = new Set([...'PBDECH'].map((letter) => letter.charCodeAt(0)));
/** Query, Sync, function call: after these the server is ready for anyone. */
const ENDS = new Set([...'QSF'].map((letter) => letter.charCodeAt(0)));

/**
 * Lets the socket server see the messages of one extended query as belonging together. It hands messages of several
 * clients to the one session in turns, and stays with a client only while `isInTransaction`; without this, a Bind of
 * one client meets the statement that another has parsed in between.
 */
export function holdSequences(db: PGlite): void {
  let isWithin = false;
  const run = db.execProtocolRawStream.bind(db);
  db.execProtocolRawStream = (message, options) => {
    const type = message[0] ?? 0;
    if (BEFORE_SYNC.has(type)) isWithin = true;
    else if (ENDS.has(type)) isWithin = false;
    return run(message, options);
  };
  const isInTransaction = db.isInTransaction.bind(db);
  db.isInTransaction = () => isWithin || isInTransaction();
  const exec = db.exec.bind(db);
  // The server's own ROLLBACK, for a client that is gone in the middle of a query.
  db.exec = (query, options) => {
    isWithin = false;
    return exec(query, options);
  };
}
