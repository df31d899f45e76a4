import { readLocal, writeLocal } from './key-values.ts';
import type { ConsentState, ReadOptions } from './options.ts';

/** What the visitor decided, and what follows from it. */
export interface Consent {
  state(): ConsentState;
  /** Takes a decision, which is kept for later pages. */
  decide(state: ConsentState): void;
  /** Whether events may leave the page. */
  maySend(): boolean;
  /** Whether anything may be stored in the browser. */
  mayStore(): boolean;
  /** Whether nothing may be, whatever the visitor decides. */
  isCookieless: unknown;
}

/**
 * Consent by the options and by what is stored under `key`, where the visitor's decision is kept: a decision in the
 * options wins, then the stored one. Without a page, as on a server, it is denied for good. `onChange` is told of each new
 * state, from other tabs too.
 */
export function createConsent(
  options: ReadOptions,
  key: string,
  isPage: boolean,
  onChange: () => void,
): Consent {
  const { globalPrivacyControl, doNotTrack } = (isPage ? navigator : {}) as Navigator & {
    globalPrivacyControl?: boolean;
  };
  const isCookieless =
    options.cookieless ||
    (options.respectGpc !== false && globalPrivacyControl) ||
    (options.respectDnt && doNotTrack === '1');
  let state = options.consent;
  const change = (next: string | null): void => {
    if (!next || !isPage) return;
    state = next as ConsentState;
    onChange();
  };
  // What was decided on an earlier page gives way to what this one is told, unless that is no decision.
  if (!state || state === 'pending') state = (readLocal(key) as ConsentState | null) ?? state ?? 'granted';
  if (isPage) addEventListener('storage', (event) => event.key === key && change(event.newValue));
  else state = 'denied';

  return {
    state: () => state as ConsentState,
    decide(next) {
      writeLocal(key, next);
      change(next);
    },
    maySend: () => state === 'granted',
    mayStore: () => state === 'granted' && !isCookieless,
    isCookieless,
  };
}
