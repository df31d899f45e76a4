import { invalid } from '../insight-error.ts';

/** The value of a formula, given those of the series; null where one is null or it divides by zero. */
export type Formula = (values: readonly (number | null)[]) => number | null;

type Binary = '+' | '-' | '*' | '/';

const TOKEN = /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([A-Z])|([-+*/()]))/y;
const MAX_DEPTH = 50;

/**
 * Reads numbers, series (`A` is the first), `+ - * /` and brackets, with the usual precedence.
 * @throws InsightError that says at which character it stopped understanding.
 */
export function parseFormula(text: string, seriesCount: number, pointer: string): Formula {
  const reader = readTokens(text, pointer);

  function sum(depth: number): Formula {
    let left = product(depth);
    for (let sign = reader.take('+', '-'); sign; sign = reader.take('+', '-'))
      left = combine(sign, left, product(depth));
    return left;
  }
  function product(depth: number): Formula {
    let left = unary(depth);
    for (let sign = reader.take('*', '/'); sign; sign = reader.take('*', '/'))
      left = combine(sign, left, unary(depth));
    return left;
  }
  function unary(depth: number): Formula {
    if (depth > MAX_DEPTH) throw reader.stuck('nested less deeply');
    if (!reader.take('-')) return operand(depth);
    const negated = unary(depth + 1);
    return (values) => {
      const value = negated(values);
      return value === null ? null : -value;
    };
  }
  function operand(depth: number): Formula {
    if (reader.take('(')) {
      const inner = sum(depth + 1);
      if (!reader.take(')')) throw reader.stuck(')');
      return inner;
    }
    const number = reader.takeNumber();
    if (number !== undefined) return () => number;
    const letter = reader.takeLetter();
    if (letter === undefined) throw reader.stuck('a number, a series or (');
    const index = letter.charCodeAt(0) - 65;
    if (index >= seriesCount)
      throw invalid(pointer, `there is no series ${letter}; there are ${seriesCount}`);
    return (values) => values[index] ?? null;
  }

  const formula = sum(0);
  if (!reader.ended()) throw reader.stuck('an operator or the end');
  return formula;
}

function combine(sign: Binary, left: Formula, right: Formula): Formula {
  return (values) => {
    const [a, b] = [left(values), right(values)];
    if (a === null || b === null) return null;
    if (sign === '/') return b === 0 ? null : finite(a / b);
    return finite(sign === '+' ? a + b : sign === '-' ? a - b : a * b);
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function readTokens(text: string, pointer: string) {
  let at = 0;
  const next = (): RegExpExecArray | null => {
    TOKEN.lastIndex = at;
    return TOKEN.exec(text);
  };
  function takeGroup(group: number): string | undefined {
    const match = next();
    const found = match?.[group];
    if (match && found !== undefined) at += match[0].length;
    return found;
  }
  return {
    take<Symbol extends string>(...symbols: Symbol[]): Symbol | undefined {
      const symbol = next()?.[3] as Symbol | undefined;
      return symbol !== undefined && symbols.includes(symbol) ? (takeGroup(3) as Symbol) : undefined;
    },
    takeNumber(): number | undefined {
      const number = takeGroup(1);
      return number === undefined ? undefined : Number(number);
    },
    takeLetter: () => takeGroup(2),
    ended: () => text.slice(at).trim() === '',
    stuck: (expected: string) => invalid(pointer, `expected ${expected} at character ${at + 1}`),
  };
}
