import { createHash } from 'node:crypto';
import type { Report } from '../document/definitions-problem.ts';

const KEY = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Gives names of one kind, each once. */
export interface Namer {
  /** The name in the document of what is called `name` in the payload at `path`; the same one whenever it is asked. */
  nameOf(name: string, path: string): string;
  /** A name that nothing has yet, made from `name`. */
  another(name: string, path: string): string;
}

/** Names as a document may have them; those that must change are reported. `known` are all that will be asked for first. */
export function createNamer(known: readonly string[], warn: Report): Namer {
  const given = new Map(known.filter((name) => KEY.test(name)).map((name) => [name, name]));
  const taken = new Set(given.values());

  function another(name: string, path: string): string {
    const base = name
      .toLowerCase()
      .replace(/[^a-z0-9_-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, 58);
    let free = base || 'unnamed';
    for (let n = 2; taken.has(free); n += 1) free = `${base || 'unnamed'}-${n}`;
    taken.add(free);
    if (free !== name) warn(path, `is called ${free} here: a key has a-z, 0-9, - and _, and stands once`);
    return free;
  }

  return {
    another,
    nameOf(name, path) {
      const found = given.get(name) ?? another(name, path);
      given.set(name, found);
      return found;
    },
  };
}

/** A salt that is the same at each import, and another for each use. */
export function saltOf(...parts: (string | number)[]): string {
  return createHash('sha256')
    .update(JSON.stringify(['growthbook', ...parts]))
    .digest('hex')
    .slice(0, 16);
}
