/** A value that ClickHouse binds: it stands in the text as `{name:Type}` and travels beside it. */
class Param {
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
  constructor(name: string, type: string, value: unknown) {
    this.name = name;
    this.type = type;
    this.value = value;
  }
}

type Part = string | Param | Sql;

/**
 * A piece of SQL. Its text comes from this package alone, by the functions below and `sqlFile`: a template's own text,
 * a file's, a whole number. Whatever a caller sent is a parameter, since a plain string is nothing that can be put in.
 */
class Sql {
  readonly parts: readonly Part[];
  constructor(parts: readonly Part[]) {
    this.parts = parts;
  }
}

export type { Sql };

/** What goes to ClickHouse: the text, and the values of its `{name:Type}`. */
export interface RenderedSql {
  sql: string;
  params: Record<string, unknown>;
}

/** A piece of SQL from a template; what stands in `${}` is SQL too. */
export function sql(strings: TemplateStringsArray, ...pieces: Sql[]): Sql {
  return new Sql(strings.flatMap((text, index) => (index === 0 ? [text] : [piece(pieces[index - 1]), text])));
}

function piece(value: unknown): Sql {
  if (!(value instanceof Sql)) throw new TypeError('sql: expected a piece of SQL, got a plain value');
  return value;
}

/** A value of the caller. `type` is ClickHouse's; two of the same name get different names in the query. */
export function param(name: string, type: string, value: unknown): Sql {
  return new Sql([new Param(name, type, value)]);
}

/** A whole number of ours, such as the number of a step, as part of the text. */
export function int(value: number): Sql {
  if (!Number.isSafeInteger(value)) throw new TypeError(`sql: expected a whole number, got ${value}`);
  return new Sql([String(value)]);
}

/** Pieces one after the other. */
export function joinSql(
  pieces: readonly Sql[],
  separator: ', ' | ' AND ' | ' OR ' | '\n' | ' + ' | '\nUNION ALL\n' = ', ',
): Sql {
  return new Sql(
    pieces.flatMap((value, index) => (index === 0 ? [piece(value)] : [separator, piece(value)])),
  );
}

const HOLE = /\{\{(\w+)\}\}|\{(\w+):([A-Za-z0-9_(), ]+)\}/g;

/** For `sqlFile`: a text with `{{slot}}` for pieces of SQL and `{name:Type}` for values. */
export function fillSql(
  text: string,
  slots: Readonly<Record<string, Sql>>,
  values: Readonly<Record<string, unknown>>,
): Sql {
  const parts: Part[] = [];
  let at = 0;
  for (const match of text.matchAll(HOLE)) {
    const [hole, slot, name, type] = match;
    parts.push(text.slice(at, match.index));
    at = match.index + hole.length;
    if (slot !== undefined) {
      parts.push(piece(slots[slot]));
    } else if (name !== undefined && type !== undefined) {
      if (!(name in values)) throw new TypeError(`sql: no value for {${name}:${type}}`);
      parts.push(new Param(name, type, values[name]));
    }
  }
  return new Sql([...parts, text.slice(at)]);
}

/** The text with its parameters named, each value once. */
export function renderSql(root: Sql): RenderedSql {
  const params: Record<string, unknown> = {};
  const names = new Map<string, string>();
  const nameOf = ({ name, type, value }: Param): string => {
    const key = `${name} ${type} ${JSON.stringify(value)}`;
    let chosen = names.get(key);
    for (let n = 1; chosen === undefined; n++) {
      const free = n === 1 ? name : `${name}_${n}`;
      if (!(free in params)) chosen = free;
    }
    names.set(key, chosen);
    params[chosen] = value;
    return `{${chosen}:${type}}`;
  };
  const write = (part: Part): string => {
    if (typeof part === 'string') return part;
    return part instanceof Param ? nameOf(part) : part.parts.map(write).join('');
  };
  return { sql: write(root), params };
}
