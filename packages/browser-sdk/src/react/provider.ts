import type { Bootstrap } from '@millrace/core/variants';
import { createElement, type ReactNode, useEffect } from 'react';
import type { Analytics } from '../analytics.ts';
import { AnalyticsContext, BootstrapContext } from './context.ts';

/** What is started with a client, as `autocapture` and `webVitals` are; a function that it returns ends it. */
export type AnalyticsPlugin = (client: Analytics) => unknown;

export interface AnalyticsProviderProps {
  /** The client, made once and outside of components. While a server renders, it does nothing. */
  client: Analytics;
  /** Started once the provider is mounted, ended when it goes: a constant array, made outside of components. */
  plugins?: readonly AnalyticsPlugin[];
  /**
   * What the server that renders knows of variants, for this request: `useVariant` and `useFlag` give the same there and
   * in the browser, until that knows more. @default the bootstrap of the client
   */
  bootstrap?: Bootstrap | undefined;
  children?: ReactNode;
}

/** Gives the components below it a client. */
export function AnalyticsProvider({
  client,
  plugins,
  bootstrap,
  children,
}: AnalyticsProviderProps): ReactNode {
  useEffect(() => {
    const ends = plugins?.map((start) => start(client));
    return () => {
      for (const end of ends ?? []) if (typeof end === 'function') end();
    };
  }, [client, plugins]);
  return createElement(
    AnalyticsContext.Provider,
    { value: client },
    createElement(BootstrapContext.Provider, { value: bootstrap }, children),
  );
}
