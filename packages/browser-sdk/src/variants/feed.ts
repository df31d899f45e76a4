import {
  type CompareByRule,
  type CompiledDefinitions,
  type CompiledEvaluator,
  createCompiledEvaluator,
} from '@millrace/core/evaluation';
import type { KeyValues } from '../key-values.ts';

const POLL_MS = 300_000;
const RETRY_MS = 30_000;
const TIMEOUT_MS = 10_000;
/** What is longer is fetched on each page: localStorage holds 5 MB, and most of it is the host's. */
const MAX_STORED = 256 * 1024;

/** The definitions of a page. */
export interface DefinitionsFeed {
  /** Of those that are known; in version 0 none are. */
  evaluator(): CompiledEvaluator;
  /** Fetches them, at once, and from then on at times while the page is seen. Never rejects. */
  refresh(): Promise<void>;
}

/**
 * The definitions of `host`: those at hand, or those that an earlier page has stored in `values`, until others come. The
 * browser's cache revalidates them by their ETag. `onChange` is told of others.
 */
export function createFeed(
  url: string,
  values: KeyValues,
  atHand: CompiledDefinitions | undefined,
  rules: CompareByRule | undefined,
  onChange: () => void,
): DefinitionsFeed {
  const stored = values.readValue(url) as unknown as CompiledDefinitions;
  let known = atHand ?? (stored.compiled ? stored : undefined);
  let evaluator = createCompiledEvaluator(known, rules);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const refresh = async (): Promise<void> => {
    clearTimeout(timer);
    let wait = RETRY_MS;
    try {
      const response = await fetch(url, {
        // Not before it was revalidated.
        cache: 'no-cache',
        credentials: 'omit',
        signal: AbortSignal.timeout?.(TIMEOUT_MS) ?? null,
      });
      const found = response.ok && (await response.text());
      if (found) {
        wait = POLL_MS;
        if (found !== JSON.stringify(known)) {
          known = JSON.parse(found) as CompiledDefinitions;
          evaluator = createCompiledEvaluator(known, rules);
          if (found.length < MAX_STORED) values.saveValue(url, known);
          onChange();
        }
      }
    } catch {
      // What is known goes on to count.
    }
    timer = setTimeout(look, wait);
  };
  /** Nobody waits for what a page shows that is not seen. */
  const look = (): void => {
    if (document.hidden) document.addEventListener('visibilitychange', look, { once: true });
    else void refresh();
  };
  return { evaluator: () => evaluator, refresh };
}
