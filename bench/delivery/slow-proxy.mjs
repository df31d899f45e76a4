import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * A TCP proxy that delays every byte by `delayMs` in each direction. What it was given by a client that has gone
 * still arrives, as on a real network. While `cut`, connections are reset. `{ port, cut, close }`
 */
export async function startSlowProxy(targetPort, delayMs) {
  const sockets = new Set();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (proxy.cut) return void client.resetAndDestroy();
    const target = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true });
    for (const [from, to] of [
      [client, target],
      [target, client],
    ]) {
      sockets.add(from);
      from.setNoDelay(true);
      const later = (act) => setTimeout(() => !to.destroyed && act(), delayMs);
      from.on('data', (data) => later(() => to.write(data)));
      from.on('end', () => later(() => to.end()));
      from.on('error', () => later(() => to.destroy()));
      from.on('close', () => {
        sockets.delete(from);
        later(() => to.destroy());
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = {
    port: server.address().port,
    cut: false,
    /** Resets what is open, and until `mend` everything that is opened. */
    breakOff() {
      proxy.cut = true;
      for (const socket of sockets) socket.resetAndDestroy();
    },
    mend() {
      proxy.cut = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
