import type { WireEvent } from '@millrace/core';
import { onTestFinished } from 'vitest';
import { commands } from 'vitest/browser';
import { openSdkPage, type SdkPage } from '../src/testing/sdk-page.ts';
import type { VariantAnalytics, VariantOptions } from '../src/variants/index.ts';

/** A page whose client has variants, and the collector that it speaks to. */
interface VariantsPage extends SdkPage {
  start(options?: Partial<VariantOptions>): VariantAnalytics;
}

/** A collector of its own, and pages of one visitor of it. */
export interface VariantsSite {
  host: string;
  writeKey: string;
  open(query?: string): Promise<VariantsPage>;
  /** The exposures that have arrived, once everything has that `clients` tracked. */
  exposures(...clients: VariantAnalytics[]): Promise<WireEvent[]>;
}

/** Starts a collector; the test that began ends it, and sees that there was no preflight. */
export async function startVariantsSite(): Promise<VariantsSite> {
  const host = await commands.startCollector();
  const writeKey = `wk_${crypto.randomUUID()}`;
  onTestFinished(async () => {
    sessionStorage.clear();
    const { preflights } = await commands.readCollector(host, 0);
    await commands.stopCollector(host);
    if (preflights > 0) throw new Error('there was a preflight');
  });
  return {
    host,
    writeKey,
    async open(query = '?human') {
      const page = await openSdkPage(query);
      onTestFinished(page.close);
      const start = (options: Partial<VariantOptions> = {}) =>
        page.window.withVariants({ writeKey, host, ...options });
      return Object.defineProperties({ start }, Object.getOwnPropertyDescriptors(page)) as VariantsPage;
    },
    async exposures(...clients) {
      for (const client of clients) {
        if (!(await client.flush())) throw new Error('the collector does not have everything');
      }
      const { batches } = await commands.readCollector(host, 0);
      const events = batches.flatMap(({ body }) => body.batch);
      return events.filter(({ event }) => event === '$exposure');
    },
  };
}

/** The next time that the client says that answers may have changed. */
export function nextChange(client: VariantAnalytics): Promise<void> {
  return new Promise((resolve) => {
    const end = client.on('definitions', () => {
      end();
      resolve();
    });
  });
}
