import type { PGlite } from '@electric-sql/pglite';
import type { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { holdSequences } from './hold-sequences.ts';

const PORTS_TO_TRY = 50;

/** The socket of a PGlite, and the port it got. */
export interface ListeningSocket {
  server: PGLiteSocketServer;
  port: number;
}

/** Listens at `port`, or at the next free one; at any free one for port 0. */
export async function listen(db: PGlite, host: string, port: number): Promise<ListeningSocket> {
  const { PGLiteSocketServer } = await import('@electric-sql/pglite-socket');
  holdSequences(db);
  for (let next = port; ; next += 1) {
    // More connections cost nothing but memory: PGlite runs their queries one after the other.
    const server = new PGLiteSocketServer({ db, host, port: next, maxConnections: 64 });
    try {
      await server.start();
      return { server, port: Number(server.getServerConn().split(':').pop()) };
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || next >= port + PORTS_TO_TRY) throw error;
    }
  }
}
