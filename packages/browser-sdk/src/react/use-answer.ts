import type { Variants } from '@millrace/core/variants';
import { useCallback, useContext, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { VariantAnalytics } from '../variants/analytics.ts';
import { BootstrapContext } from './context.ts';
import { useAnalytics } from './use-analytics.ts';

/** What a component is rendered with; a client without variants has none of it. */
export type Answers = Partial<Variants>;

/**
 * What `read` gives, anew when answers may have changed. A server, and the first render over its HTML, reads what the
 * page was made with, so that both are the same. `use` is called once the answer is on the page, which is an exposure.
 */
export function useAnswer<Answer>(
  read: (answers: Answers) => Answer,
  use: (answers: Answers) => void,
): Answer {
  const client = useAnalytics() as unknown as Partial<VariantAnalytics>;
  const bootstrap = useContext(BootstrapContext);
  const rendered = useMemo(() => client.variantsOf?.(bootstrap) ?? {}, [client, bootstrap]);
  const subscribe = useCallback(
    (onChange: () => void) => client.on?.('definitions', onChange) ?? (() => {}),
    [client],
  );
  const answer = useSyncExternalStore(
    subscribe,
    () => read(client),
    () => read(rendered),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another answer is another use, a new function is none.
  useEffect(() => void use(client), [client, answer]);
  return answer;
}
