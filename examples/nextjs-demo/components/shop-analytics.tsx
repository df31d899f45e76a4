'use client';

import { autocapture } from '@millrace/browser-sdk/autocapture';
import { addressOverrides } from '@millrace/browser-sdk/overrides';
import { AnalyticsProvider } from '@millrace/browser-sdk/react';
import { type Bootstrap, createAnalytics, type VariantAnalytics } from '@millrace/browser-sdk/variants';
import { type ReactNode, useMemo, useState } from 'react';
import type { ShopEvents, ShopFlags } from '@/lib/events.ts';

type ShopClient = VariantAnalytics<ShopEvents, object, ShopFlags>;

const PLUGINS = [autocapture];
let kept: ShopClient | undefined;

/** The page's client, made once, with what the server has rendered by. */
export function ShopAnalytics({
  host,
  writeKey,
  bootstrap,
  children,
}: {
  host: string;
  writeKey: string;
  /** JSON of the server's `bootstrapFor`. */
  bootstrap: string;
  children: ReactNode;
}) {
  const rendered = useMemo(() => JSON.parse(bootstrap) as Bootstrap, [bootstrap]);
  const [client] = useState(() => {
    const make = () =>
      createAnalytics<ShopEvents, object, ShopFlags>({
        host,
        writeKey,
        consent: 'pending',
        bootstrap: rendered,
        overrides: addressOverrides(),
      });
    // A server renders for many visitors, a page for one.
    if (typeof document === 'undefined') return make();
    kept ??= make();
    return kept;
  });
  return (
    <AnalyticsProvider client={client as never} plugins={PLUGINS} bootstrap={rendered}>
      {children}
    </AnalyticsProvider>
  );
}
