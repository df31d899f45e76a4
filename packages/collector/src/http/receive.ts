import { isAscii } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { mayHoldLoneSurrogate } from '@millrace/core';
import type { Context } from 'hono';
import type { CollectorDeps, Project } from '../collector-deps.ts';
import type { RequestFacts } from '../ingest/enrich/enrich-step.ts';
import { truncateAddress } from '../ingest/enrich/truncate-address.ts';
import type { ScannedBatch } from '../ingest/scan/scan-batch.ts';
import type { ByteBudget } from './byte-budget.ts';
import { checkContentType, decompressBody, isCompressed, parseObject } from './decode-body.ts';
import { HttpError } from './http-error.ts';
import { checkDeclaredLength, readIncoming, readRequest } from './read-body.ts';
import { findRemoteAddress } from './remote-address.ts';
import { writeKeyInHeaders } from './write-key.ts';

/** What the server gives the app with a request. `remoteAddress` stands in for a socket, in tests. */
export interface CollectorEnv {
  Bindings: { incoming?: IncomingMessage; remoteAddress?: string };
}

/** A request that was let in: whose it is, what it says, and where it came from. */
export interface Received extends RequestFacts {
  project: Project;
  writeKey: string;
  /** The caller is a process of this machine. */
  isLoopback: boolean;
  /** The members of the body; without `batch` where that was scanned. */
  body: Record<string, unknown>;
  bodyBytes: number;
  /** The events of the body where they could be found without parsing them. */
  scanned: ScannedBatch | undefined;
  /** Whether a string of `body` may hold a lone surrogate. */
  mayBeIllFormed: boolean;
  receivedAt: number;
  /** When the clock of `receivedAt` was last set, by what it says since. */
  clockSetAt: number;
}

/** Reads a header of a request. */
export type HeaderReader = (name: string) => string | undefined;

/** Reads headers from Node's own object where there is one, which is cheaper than the web's. */
export function headerReader(c: Context<CollectorEnv>): HeaderReader {
  const headers = c.env?.incoming?.headers;
  if (!headers) return (name) => c.req.header(name);
  return (name) => {
    const value = headers[name];
    return typeof value === 'object' ? value.join(', ') : value;
  };
}

/** The project of a write key. Throws 401 for one that is not known, and 503 while keys cannot be checked. */
export async function findProject(deps: CollectorDeps, writeKey: string): Promise<Project> {
  let project: Project | undefined;
  try {
    project = await deps.projects.lookup(writeKey);
  } catch (error) {
    deps.logger.error('a write key could not be looked up', { error: String(error) });
    throw new HttpError(503, 'keys_unavailable', 'write keys cannot be checked now', { retryAfterMs: 1000 });
  }
  if (project) return project;
  throw new HttpError(401, 'unknown_write_key', 'expected the write key of a project', { field: 'writeKey' });
}

async function readBytes(
  c: Context<CollectorEnv>,
  header: HeaderReader,
  deps: CollectorDeps,
  budget: ByteBudget,
): Promise<Buffer> {
  const { maxBatchBytes, bodyTimeoutMs } = deps.limits;
  checkContentType(header('content-type'));
  const named = header('content-encoding') ?? c.req.query('encoding');
  const encoding = named?.trim().toLowerCase();
  const compressed = isCompressed(encoding);
  const length = header('content-length');
  checkDeclaredLength(length, maxBatchBytes);

  const release = budget.take(Number(length ?? maxBatchBytes) + (compressed ? maxBatchBytes : 0));
  if (!release) {
    throw new HttpError(503, 'overloaded', 'too many requests at once', { retryAfterMs: 1000 });
  }
  try {
    const limits = { maxBytes: maxBatchBytes, timeoutMs: bodyTimeoutMs };
    const { incoming } = c.env ?? {};
    const raw = await (incoming ? readIncoming(incoming, limits) : readRequest(c.req.raw, limits));
    return compressed ? await decompressBody(raw, encoding, maxBatchBytes) : raw;
  } finally {
    release();
  }
}

type Body = Pick<Received, 'body' | 'scanned' | 'mayBeIllFormed'>;

function readBody(bytes: Buffer, scan: Admission['scan']): Body {
  const scanned = scan?.(bytes);
  if (scanned) return { body: scanned.envelope, scanned, mayBeIllFormed: false };
  // Latin-1 is the same for ASCII, and much the cheaper to decode.
  const text = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
  return { body: parseObject(text), scanned, mayBeIllFormed: mayHoldLoneSurrogate(text) };
}

/** How a route lets requests in. */
export interface Admission {
  /** Callers on this machine need no key. */
  allowDemo?: boolean;
  /** The key may be in `x-api-key`. */
  apiKey?: boolean;
  /** Tries to find the events without parsing the body. */
  scan?: (bytes: Buffer) => ScannedBatch | undefined;
}

/**
 * Lets a request in: reads, decompresses and parses its body within the limits, and finds the project
 * of its write key, in a header, the query or the body. Throws HttpError for every way that this can
 * fail.
 */
export async function receive(
  c: Context<CollectorEnv>,
  deps: CollectorDeps,
  budget: ByteBudget,
  { allowDemo = false, apiKey = false, scan }: Admission,
): Promise<Received> {
  const header = headerReader(c);
  const early =
    writeKeyInHeaders(header) ?? (apiKey ? header('x-api-key') : undefined) ?? c.req.query('writeKey');
  // A stranger is turned away before anything of its body is read.
  const known = early ? await findProject(deps, early) : undefined;
  const remote = findRemoteAddress(
    c.env?.remoteAddress ?? c.env?.incoming?.socket.remoteAddress,
    header('x-forwarded-for'),
    deps.trustedHops,
  );
  const bytes = await readBytes(c, header, deps, budget);
  const receivedAt = deps.clock();
  const { body, scanned, mayBeIllFormed } = readBody(bytes, scan);
  const writeKey = early || keyOfBody(body, deps, allowDemo && remote.isLoopback);
  return {
    project: known ?? (await findProject(deps, writeKey)),
    writeKey,
    isLoopback: remote.isLoopback,
    body,
    bodyBytes: bytes.length,
    scanned,
    mayBeIllFormed,
    ip: remote.address === undefined ? undefined : truncateAddress(remote.address),
    userAgent: header('user-agent'),
    receivedAt,
    clockSetAt: deps.clockSetAt?.() ?? Number.NEGATIVE_INFINITY,
  };
}

function keyOfBody(body: Record<string, unknown>, deps: CollectorDeps, allowDemo: boolean): string {
  const key = body.writeKey ?? (allowDemo ? deps.demoKeyOnLoopback : undefined);
  if (typeof key === 'string' && key !== '') return key;
  throw missingWriteKey();
}

/** The answer to a request without a key. */
export function missingWriteKey(): HttpError {
  return new HttpError(
    401,
    'missing_write_key',
    'expected a write key: as the user of Basic auth, in x-write-key, in the query or in the body',
    { field: 'writeKey' },
  );
}
