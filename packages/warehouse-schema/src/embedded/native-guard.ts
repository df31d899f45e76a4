import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { encodeNativeException, parseNativeHello } from './native-hello.ts';

/**
 * The native port of the embedded ClickHouse. Behind it stands ClickHouse's own, which in this build ends the whole
 * process when a client fails its handshake: a wrong password, an unknown database, a stray byte. So the handshake is
 * judged here first; what follows is passed on as it is.
 */
export interface NativeGuardOptions {
  host: string;
  port: number;
  /** ClickHouse's own native port, on the same host. */
  targetPort: number;
  /** Who may come in, with their passwords. */
  users: ReadonlyMap<string, string>;
  /** The databases that exist. */
  databases: readonly string[];
}

const HELLO_TIMEOUT_MS = 10_000;
const MAX_HELLO_BYTES = 64 * 1024;
const AUTHENTICATION_FAILED = 516;
const UNKNOWN_DATABASE = 81;

/**
 * Listens for native clients. Resolves when it does, with the function that ends it and every connection.
 * @throws the listener's error, with `code` EADDRINUSE where the port is taken.
 */
export async function startNativeGuard(options: NativeGuardOptions): Promise<{ close(): void }> {
  const open = new Set<Socket>();
  const track = (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // A connection that breaks off is the client's affair; 'close' follows.
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
  };
  const server = createServer((client) => {
    track(client);
    void admit(client, options).then((hello) => {
      if (hello === undefined) return;
      const clickHouse = connect(options.targetPort, options.host);
      track(clickHouse);
      clickHouse.write(hello);
      client.pipe(clickHouse).pipe(client);
      client.once('close', () => clickHouse.destroy());
      clickHouse.once('close', () => client.destroy());
      client.resume();
    });
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** Reads a client's Hello; gives its bytes if it may come in, else answers why not. */
async function admit(client: Socket, options: NativeGuardOptions): Promise<Buffer | undefined> {
  client.setTimeout(HELLO_TIMEOUT_MS, () => client.destroy());
  let bytes = Buffer.alloc(0);
  for await (const part of client.iterator({ destroyOnReturn: false })) {
    bytes = Buffer.concat([bytes, part as Buffer]);
    const hello = parseNativeHello(bytes);
    if (hello === undefined && bytes.length <= MAX_HELLO_BYTES) continue;
    client.setTimeout(0);
    if (!hello) {
      client.end("HTTP/1.0 400 Bad Request\r\n\r\nThis port is for ClickHouse's native clients.\n");
      return undefined;
    }
    const refusal = refuse(hello, options);
    if (refusal === undefined) return bytes;
    client.end(encodeNativeException(...refusal));
    return undefined;
  }
  client.destroy();
  return undefined;
}

function refuse(
  hello: { username: string; password: string; database: string },
  { users, databases }: NativeGuardOptions,
): [code: number, message: string] | undefined {
  const password = users.get(hello.username);
  if (password === undefined || !isEqual(password, hello.password)) {
    return [
      AUTHENTICATION_FAILED,
      `${hello.username}: Authentication failed: password is incorrect, or there is no user with such name.`,
    ];
  }
  if (hello.database !== '' && !databases.includes(hello.database)) {
    return [UNKNOWN_DATABASE, `Database ${hello.database} does not exist`];
  }
  return undefined;
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
