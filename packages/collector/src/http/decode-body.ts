import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { HttpError } from './http-error.ts';

type Decompress = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

// Off the main thread, so that a large body delays nobody else's answer.
const DECOMPRESS: Readonly<Record<string, Decompress>> = {
  gzip: promisify(gunzip) as Decompress,
  'x-gzip': promisify(gunzip) as Decompress,
  br: promisify(brotliDecompress) as Decompress,
  // Some clients send the bare stream and call it deflate; a zlib stream's first nibble is 8.
  deflate: (body, options) =>
    (promisify(((body[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw) as Decompress)(body, options),
};

/** Whether the body that `encoding` names has to be decompressed. Throws 415 for one that is not known. */
export function isCompressed(encoding: string | undefined): encoding is string {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return false;
  if (Object.hasOwn(DECOMPRESS, encoding)) return true;
  throw new HttpError(415, 'unsupported_encoding', 'expected the content encoding gzip, deflate or br', {
    field: 'content-encoding',
  });
}

/**
 * Decompresses a body, and stops as soon as it would grow beyond `maxBytes`. Rejects with 413 then, and
 * with 400 when it is not what `encoding` says.
 */
export async function decompressBody(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  try {
    const decompress = DECOMPRESS[encoding];
    return decompress ? await decompress(body, { maxOutputLength: maxBytes }) : body;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new HttpError(413, 'body_too_large', `expected at most ${maxBytes} bytes after decompression`);
    }
    throw new HttpError(400, 'malformed_encoding', `expected a body in ${encoding}`);
  }
}

const JSON_TYPE = /^\s*(?:application\/json|text\/plain)\s*(?:;|$)/i;
const OTHER_CHARSET = /charset\s*=\s*"?(?!utf-?8\b)/i;

/** Throws 415 unless a body of this content type is read as JSON. None at all is taken for JSON. */
export function checkContentType(contentType: string | undefined): void {
  if (!contentType) return;
  if (!JSON_TYPE.test(contentType) || OTHER_CHARSET.test(contentType)) {
    throw new HttpError(
      415,
      'unsupported_media_type',
      "expected application/json or text/plain in UTF-8; with curl, add -H 'content-type: application/json'",
      { field: 'content-type' },
    );
  }
}

/** Reads JSON text as an object. Throws 400 for anything else. */
export function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    throw new HttpError(400, 'malformed_json', 'expected a body of JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpError(400, 'malformed_body', 'expected a JSON object');
  }
  return value as Record<string, unknown>;
}
