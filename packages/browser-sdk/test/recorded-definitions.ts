import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request for definitions or evaluations, as it arrived. */
export interface DefinitionsRequest {
  url: string;
  ifNoneMatch: string | undefined;
  status: number;
  /** Of `/v1/evaluate`. */
  body?: unknown;
}

/** The definitions of a recording collector. */
export interface RecordedDefinitions {
  requests: DefinitionsRequest[];
  /** Serves this document from now on, and pushes its version; undefined: there is nothing, 404. */
  serve(document: { version: number } | undefined): void;
  /** Answers `/v1/evaluate` so, by the user of the question (`''` without one). */
  evaluations: { [userId: string]: object };
  /** How many pages are listening to changes. */
  listeners(): number;
  /** Answers the request if it is one of these; undefined otherwise. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void> | undefined;
}

/** Definitions that a test sets, with ETag and push as of the real collector. */
export function recordDefinitions(): RecordedDefinitions {
  const streams = new Set<ServerResponse>();
  let document: { version: number } | undefined;

  const news = (): string => `event: definitions\ndata: {"version":${document?.version ?? 0}}\n\n`;

  const answerDefinitions = (request: IncomingMessage, response: ServerResponse): void => {
    const body = JSON.stringify(document);
    const etag = `"${createHash('sha256')
      .update(body ?? '')
      .digest('base64url')}"`;
    const ifNoneMatch = request.headers['if-none-match'];
    const status = body === undefined ? 404 : ifNoneMatch === etag ? 304 : 200;
    recorded.requests.push({ url: request.url ?? '', ifNoneMatch, status });
    response.writeHead(status, {
      'content-type': 'application/json',
      etag,
      'cache-control': 'public, max-age=60, stale-while-revalidate=86400, stale-if-error=604800',
    });
    response.end(status === 200 ? body : undefined);
  };

  const answerEvaluate = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(await text(request)) as { units: { userId?: string } };
    const answer = recorded.evaluations[body.units.userId ?? ''];
    const status = answer ? 200 : 503;
    recorded.requests.push({ url: request.url ?? '', ifNoneMatch: undefined, status, body });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ success: !!answer, ...answer }));
  };

  const recorded: RecordedDefinitions = {
    requests: [],
    evaluations: {},
    serve(next) {
      document = next;
      for (const stream of streams) stream.write(news());
    },
    listeners: () => streams.size,
    answer(request, response) {
      const url = request.url ?? '';
      if (url.startsWith('/v1/evaluate')) return answerEvaluate(request, response);
      if (url.startsWith('/v1/definitions/stream')) {
        streams.add(response);
        response.on('close', () => streams.delete(response));
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(news());
        return Promise.resolve();
      }
      if (url.startsWith('/v1/definitions')) return Promise.resolve(answerDefinitions(request, response));
      return undefined;
    },
  };
  return recorded;
}
