import { open } from 'node:fs/promises';
import { createServer } from 'node:http';

/** The least that can answer durably: reads a body, appends it, syncs it with whatever else waits, answers. */
export async function startBareServer(file) {
  const handle = await open(file, 'a');
  let waiting = [];
  let writing = false;
  const write = async () => {
    writing = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await handle.writev(group.flatMap(({ chunks }) => chunks));
      await handle.datasync();
      for (const { response } of group) {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"success":true}');
      }
    }
    writing = false;
  };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      waiting.push({ chunks, response });
      if (!writing) void write();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, close: () => server.close() };
}
