/** A rule's state, and what was said last, how many times in a row. */
export interface RuleState {
  state: 'ok' | 'firing' | 'unknown';
  verdict: 'breach' | 'fine' | 'unknown';
  streak: number;
}

/** What a state becomes by one more look, and whether that is told. */
export interface NextState extends RuleState {
  change?: 'firing' | 'resolved';
}

/**
 * Fires after `for` breaches in a row, and is over after `clear` fine looks in a row. While nothing can be found out, what
 * fires goes on firing, since nothing says that it is over; what does not is `unknown` once that was said `for` times.
 */
export function nextState(
  before: RuleState | null,
  verdict: RuleState['verdict'],
  { for: needed = 1, clear = 1 }: { for?: number | undefined; clear?: number | undefined },
): NextState {
  const streak = before?.verdict === verdict ? before.streak + 1 : 1;
  const state = before?.state ?? 'unknown';
  const said = { verdict, streak };
  if (state === 'firing') {
    if (verdict === 'fine' && streak >= clear) return { ...said, state: 'ok', change: 'resolved' };
    return { ...said, state };
  }
  if (verdict === 'breach' && streak >= needed) return { ...said, state: 'firing', change: 'firing' };
  if (verdict === 'fine') return { ...said, state: 'ok' };
  if (verdict === 'unknown' && streak >= needed) return { ...said, state: 'unknown' };
  return { ...said, state };
}
