type Frame = { closing: ']' | '}'; entries: Iterator<[string, unknown]>; first: boolean };

/**
 * `JSON.stringify` for a parsed JSON value of any depth. The native one recurses and overflows the
 * stack some thousand levels down, where `JSON.parse` does not; this one keeps its own stack.
 */
export function stringifyDeep(root: unknown): string {
  const parts: string[] = [];
  const stack: Frame[] = [];
  const open = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) {
      parts.push(JSON.stringify(value));
      return;
    }
    const closing = Array.isArray(value) ? ']' : '}';
    parts.push(closing === ']' ? '[' : '{');
    stack.push({ closing, entries: Object.entries(value)[Symbol.iterator](), first: true });
  };
  open(root);
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const next = frame.entries.next();
    if (next.done) {
      parts.push(frame.closing);
      stack.pop();
      continue;
    }
    const [key, value] = next.value;
    if (!frame.first) parts.push(',');
    frame.first = false;
    if (frame.closing === '}') parts.push(JSON.stringify(key), ':');
    open(value);
  }
  return parts.join('');
}
