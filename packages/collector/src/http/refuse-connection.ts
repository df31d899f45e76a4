import type { Duplex } from 'node:stream';
import { CORS_HEADERS } from './cors.ts';
import { errorBody } from './http-error.ts';

const REFUSALS: Readonly<Record<string, [status: string, code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'headers_too_large',
    'expected headers of at most 16 KB in all',
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [
    '413 Payload Too Large',
    'body_too_large',
    'expected chunks without large extensions',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'request_timeout', 'the request did not come in time'],
};
const MALFORMED: (typeof REFUSALS)[string] = ['400 Bad Request', 'malformed_request', 'expected HTTP/1.1'];

/**
 * Answers what Node's parser refuses, which no app ever sees, as the app answers: with a body of JSON. Ends the
 * connection. `isAnswered` says that an answer to an earlier request is on its way, into which nothing may be written.
 */
export function refuseConnection(socket: Duplex, error: NodeJS.ErrnoException, isAnswered: boolean): void {
  if (!socket.writable || isAnswered) {
    socket.destroy(error);
    return;
  }
  const [status, code, message] = REFUSALS[error.code ?? ''] ?? MALFORMED;
  const body = errorBody({ code, field: undefined, message });
  const headers = {
    ...CORS_HEADERS,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy());
}
