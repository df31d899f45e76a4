/** A field of a request that cannot be, and the status to say so with. */
export class FieldError extends Error {
  override readonly name = 'FieldError' as const;
  readonly code = 'invalid_field';
  readonly field: string;
  readonly status: 400 | 404;

  constructor(field: string, message: string, status: 400 | 404 = 400) {
    super(`${field}: ${message}`);
    this.field = field;
    this.status = status;
  }
}

/** What is to be saved: the document, by whom (the administrator, where nobody is named) and why. */
export function readPut(text: string): { document: unknown; author: string; note: string } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new FieldError('body', 'expected JSON');
  }
  if (typeof body !== 'object' || body === null || !('document' in body)) {
    throw new FieldError(
      'document',
      'expected an object {"document": {...}, "author": "...", "note": "..."}',
    );
  }
  return {
    document: body.document,
    author: 'author' in body ? stringOf('author', body.author) : 'admin',
    note: 'note' in body ? stringOf('note', body.note) : '',
  };
}

/** The version in an `If-Match` of one strong ETag; undefined where any will do. */
export function readIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const [, version] = /^\s*"(\d{1,10})"\s*$/.exec(header) ?? [];
  if (version === undefined) throw new FieldError('If-Match', 'expected the ETag of a version, such as "3"');
  return Number(version);
}

/** The whole number, from 1, of a query parameter; undefined where it is not given. */
export function positiveInteger(field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new FieldError(field, 'expected a whole number of at least 1');
}

function stringOf(field: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new FieldError(field, 'expected a string');
}
