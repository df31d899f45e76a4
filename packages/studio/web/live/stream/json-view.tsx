import type { ReactElement } from 'react';

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/** A value as indented JSON, keys and values told apart by colour. */
export function JsonView({ value }: { value: unknown }): ReactElement {
  const text = JSON.stringify(value, null, 2);
  const parts: (string | ReactElement)[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    parts.push(text.slice(end, match.index));
    const [token, string, colon] = match;
    const kind = string ? (colon ? 'key' : 'string') : 'literal';
    parts.push(
      <span key={match.index} className={`json-${kind}`}>
        {token}
      </span>,
    );
    end = match.index + token.length;
  }
  parts.push(text.slice(end));
  return <pre className="json-view">{parts}</pre>;
}
