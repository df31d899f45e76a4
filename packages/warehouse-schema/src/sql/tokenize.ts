/** A token of ClickHouse's SQL, so far as one must know it to tell names from text. Strings and comments are left out. */
export interface Token {
  /** `quoted` is a name in backticks or double quotes, without them. */
  kind: 'name' | 'quoted' | 'symbol';
  text: string;
}

const WORD = /[A-Za-z_][A-Za-z0-9_$]*/y;
const NUMBER = /[0-9][A-Za-z0-9_.]*/y;
const HEREDOC = /\$[A-Za-z0-9_]*\$/y;
const COMMENT = /--[^\n]*|#[! ][^\n]*|\/\*[\s\S]*?(\*\/|$)/y;
const SPACE = /\s+/y;

/** Splits a query into its tokens; never throws, since ClickHouse is the judge of syntax. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(sql)?.[0];
  };
  while (at < sql.length) {
    const char = sql.charAt(at);
    const skipped = take(SPACE) ?? take(COMMENT) ?? take(NUMBER);
    const word = take(WORD);
    const heredoc = take(HEREDOC);
    if (skipped !== undefined) {
      at += skipped.length;
    } else if (word !== undefined) {
      tokens.push({ kind: 'name', text: word });
      at += word.length;
    } else if (heredoc !== undefined) {
      const end = sql.indexOf(heredoc, at + heredoc.length);
      at = end < 0 ? at + heredoc.length : end + heredoc.length;
    } else if (char === "'" || char === '`' || char === '"') {
      const { text, end } = readQuoted(sql, at, char);
      if (char !== "'") tokens.push({ kind: 'quoted', text });
      at = end;
    } else {
      tokens.push({ kind: 'symbol', text: char });
      at += 1;
    }
  }
  return tokens;
}

/** Reads from an opening quote to its end: a quote is escaped by a backslash or by doubling it. */
function readQuoted(sql: string, start: number, quote: string): { text: string; end: number } {
  let text = '';
  let at = start + 1;
  while (at < sql.length) {
    const char = sql.charAt(at);
    if (char === '\\') {
      const { plain, length } = readEscape(sql, at);
      text += plain;
      at += length;
    } else if (char === quote && sql.charAt(at + 1) === quote) {
      text += quote;
      at += 2;
    } else if (char === quote) {
      return { text, end: at + 1 };
    } else {
      text += char;
      at += 1;
    }
  }
  return { text, end: at };
}

function readEscape(sql: string, at: number): { plain: string; length: number } {
  const hex = /^\\x([0-9a-fA-F]{2})/.exec(sql.slice(at, at + 4))?.[1];
  if (hex !== undefined) return { plain: String.fromCharCode(Number.parseInt(hex, 16)), length: 4 };
  return { plain: sql.charAt(at + 1), length: 2 };
}
