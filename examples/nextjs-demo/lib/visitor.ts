import type { Variants } from '@millrace/node-sdk';
import { scopeOfHeaders, type VisitorScope } from '@millrace/node-sdk/next';
import { cookies, headers } from 'next/headers';
import { CONSENT_COOKIE } from './consent-cookie.ts';
import type { ShopFlags } from './events.ts';
import { serverAnalytics } from './server-analytics.ts';
import { readSettings } from './settings.ts';

const VARIANTS_TIMEOUT_MS = 1_000;

/** Whom the request is of that is being answered, by the cookie that the page's client uses. */
export async function visitorScope(): Promise<VisitorScope> {
  // First of all: what reads a request is never rendered ahead, at the build, where nothing is set.
  const incoming = await headers();
  return scopeOfHeaders(incoming, { writeKey: readSettings().writeKey });
}

/** Whether the visitor said that the shop may measure. */
export async function mayMeasure(): Promise<boolean> {
  return (await cookies()).get(CONSENT_COOKIE)?.value === 'granted';
}

/** The visitor's variants and flags, to render by. Nothing is recorded here: the page does that, once it is seen. */
export async function visitorVariants(): Promise<Variants<ShopFlags>> {
  const scope = await visitorScope();
  const analytics = serverAnalytics();
  await analytics.variantsReady({ timeoutMs: VARIANTS_TIMEOUT_MS });
  return analytics.for({ ...scope, exposures: false });
}

/** What the page's client needs to give the visitor the same answers, as JSON. */
export async function visitorBootstrap(): Promise<string> {
  const scope = await visitorScope();
  const analytics = serverAnalytics();
  await analytics.variantsReady({ timeoutMs: VARIANTS_TIMEOUT_MS });
  return analytics.bootstrapFor(scope);
}
