import { createHash } from 'node:crypto';
import {
  clientPart,
  compileDefinitions,
  createEvaluator,
  type Definitions,
  type Evaluator,
  needsRule,
  prepareDefinitions,
} from '@millrace/core/evaluation';
import { compressBody, type Encoding } from './compress-body.ts';

/**
 * Which of a document is asked for: what anyone may see, the whole, or what anyone may see as pages read it, those that
 * compare by rules and those that do not.
 */
export type Part = 'client' | 'whole' | 'compiled' | 'compiled with rules';

/** A document as it travels. */
interface Representation {
  body: Uint8Array<ArrayBuffer>;
  /** Names the bytes: another for another encoding. */
  etag: string;
}

/** A document made ready: what is made of it is made once, when it is first asked for. */
export interface ServedDefinitions {
  /** Prepared. */
  readonly whole: Definitions;
  readonly evaluator: Evaluator;
  represent(part: Part, encoding: Encoding | undefined): Promise<Representation>;
}

const ready = new WeakMap<Definitions, ServedDefinitions>();

/** The document, made ready; the same for the same object. Throws for one that cannot be prepared. */
export function serveDefinitions(document: Definitions): ServedDefinitions {
  const known = ready.get(document);
  if (known) return known;
  const whole = prepareDefinitions(document);
  const made: ServedDefinitions = {
    whole,
    evaluator: createEvaluator(whole),
    represent: createRepresent(whole),
  };
  ready.set(document, made);
  return made;
}

/** What is served where nobody has written anything yet. */
export function emptyDefinitions(environment: string): Definitions {
  return { format: 1, version: 0, environment, flags: {}, experiments: {} };
}

function partOf(whole: Definitions, part: Part): object {
  if (part === 'whole') return whole;
  if (part === 'client') return clientPart(whole);
  return compileDefinitions(clientPart(whole, part === 'compiled' ? needsRule : undefined));
}

function createRepresent(whole: Definitions): ServedDefinitions['represent'] {
  const made = new Map<string, Promise<Representation>>();
  const plain = (part: Part): Promise<Representation> =>
    once(`${part}`, async () => {
      const body = Buffer.from(JSON.stringify(partOf(whole, part)));
      return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
    });
  const once = (name: string, make: () => Promise<Representation>): Promise<Representation> => {
    const known = made.get(name) ?? make();
    made.set(name, known);
    return known;
  };
  return (part, encoding) =>
    encoding === undefined
      ? plain(part)
      : once(`${part} ${encoding}`, async () => {
          const { body, etag } = await plain(part);
          return { body: await compressBody(body, encoding), etag: `${etag.slice(0, -1)}-${encoding}"` };
        });
}

/** Whether `If-None-Match` names the content of this tag, in whatever encoding the client has it. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const content = (tag: string): string =>
    tag
      .trim()
      .replace(/^W\//, '')
      .replace(/(?:-(?:br|gzip))?"$/, '"');
  const wanted = content(etag);
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || content(tag) === wanted);
}
