const TOKENS = /\\.?|\[(?:\\.|[^\]\\])*\]|./gsu;
const MEMBERS = /\\.?|[^\\]-[^\\]|./gsu;

/** A pattern that takes letters in either case where `source` takes them as written; undefined where that cannot be said. */
export function ignoreCase(source: string): string | undefined {
  const parts = (source.match(TOKENS) ?? []).map((token) => {
    if (token.startsWith('\\')) return escapeInBothCases(token);
    return token.length > 1 && token.startsWith('[') ? classInBothCases(token) : letterInBothCases(token);
  });
  return parts.includes(undefined) ? undefined : parts.join('');
}

/** The text as a pattern for the whole of it, in either case. */
export function textPattern(text: string): string | undefined {
  return ignoreCase(`^${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`);
}

/** \x41 and \u0041 are letters, too, but no pattern of ours has them. */
function escapeInBothCases(token: string): string | undefined {
  return /[xu]/.test(token) ? undefined : token;
}

function letterInBothCases(point: string): string {
  const other = otherCase(point);
  return other === undefined ? point : `[${point}${other}]`;
}

function classInBothCases(token: string): string | undefined {
  const members = (token.slice(1, -1).match(MEMBERS) ?? []).map((part) => {
    if (part.startsWith('\\')) return escapeInBothCases(part);
    return part.length > 2 ? rangeInBothCases(part) : part + (otherCase(part) ?? '');
  });
  return members.includes(undefined) ? undefined : `[${members.join('')}]`;
}

/** A range of ASCII letters of one case, or one that has no letter at all. */
function rangeInBothCases(range: string): string | undefined {
  if (/^([a-z]-[a-z]|[A-Z]-[A-Z])$/.test(range)) return range.toLowerCase() + range.toUpperCase();
  return /^[!-@]-[!-@]$/.test(range) ? range : undefined;
}

function otherCase(point: string): string | undefined {
  const other = point === point.toLowerCase() ? point.toUpperCase() : point.toLowerCase();
  return other !== point && Array.from(other).length === 1 ? other : undefined;
}
