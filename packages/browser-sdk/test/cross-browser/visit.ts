import type { WireEvent } from '@millrace/core';
import { expect } from 'vitest';
import type { Browser, Profile } from '../../../../scripts/browsers/browsers.mjs';
import type { Analytics, AnalyticsOptions } from '../../src/index.ts';
import { type RecordingCollector, startRecordingCollector } from '../recording-collector.ts';
import { type Site, startSite } from './site.ts';

declare global {
  interface Window {
    /** The client of the page. */
    sdk: Analytics;
    /** What the page's window heard of errors that nobody caught. */
    complaints: string[];
  }
}

/** A page of the site, in a tab of its own. */
interface VisitPage {
  /** Calls `job` in the page; it sees the page's globals and `args` alone, which go over as JSON. */
  run<Args extends unknown[], Result>(
    job: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result>;
  /** Loads the page anew and makes its client. */
  reload(): Promise<void>;
  /** Calls `job`, and in the same task leaves for a page of the site that has no SDK. */
  leave(job: () => void): Promise<void>;
  /** Goes back to the page that was left; resolves when it is there. */
  goBack(): Promise<void>;
  /** Brings its tab to the front. */
  show(): Promise<void>;
  close(): Promise<void>;
}

/** A visitor of a site that sends to a collector of another origin. */
export interface Visit {
  collector: RecordingCollector;
  /** Opens a page in a new tab and makes its client. */
  open(query?: string, options?: Partial<AnalyticsOptions>): Promise<VisitPage>;
  /** The names of the events that the collector took, each as often as it was taken, once there are `count`. */
  taken(count: number): Promise<string[]>;
  /** What the collector took, each event once, in the order in which they were tracked. */
  events(): WireEvent[];
  /** Everything that is still under way has arrived or is gone: nothing came for a while that is long here. */
  quiet(): Promise<void>;
  end(): Promise<void>;
}

/** Begins a visit with a fresh profile. */
export async function startVisit(browser: Browser): Promise<Visit> {
  const [collector, site, profile] = await Promise.all([
    startRecordingCollector(),
    startSite(),
    browser.openProfile(),
  ]);
  const pages: VisitPage[] = [];
  const names = (): string[] =>
    collector.batches
      .filter((batch) => batch.taken)
      .flatMap(({ body }) => body.batch.map(({ type, event }) => event ?? type));

  return {
    collector,
    async open(query = '', options = {}) {
      const page = await openPage({ profile, site, collector, query, options });
      pages.push(page);
      return page;
    },
    async taken(count) {
      await expect
        .poll(() => names().length, { timeout: 15_000, interval: 20 })
        .toBeGreaterThanOrEqual(count);
      return names();
    },
    events() {
      const all = collector.batches.filter((batch) => batch.taken).flatMap(({ body }) => body.batch);
      const once = new Map(all.map((event) => [event.messageId, event]));
      return [...once.values()].sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
    },
    async quiet() {
      let seen = -1;
      while (seen !== collector.batches.length) {
        seen = collector.batches.length;
        await new Promise((resolve) => setTimeout(resolve, 400));
      }
    },
    async end() {
      for (const page of pages) {
        // A page that was left or closed has nothing to say.
        expect(await page.run(() => window.complaints ?? []).catch(() => [])).toEqual([]);
      }
      await profile.close();
      await Promise.all([collector.close(), site.close()]);
      expect(collector.preflights).toBe(0);
    },
  };
}

interface PageOptions {
  profile: Profile;
  site: Site;
  collector: RecordingCollector;
  query: string;
  options: Partial<AnalyticsOptions>;
}

async function openPage({ profile, site, collector, query, options }: PageOptions): Promise<VisitPage> {
  const tab = await profile.openTab();
  const load = async () => {
    await tab.goto(`${site.url}/${query}`);
    const all = JSON.stringify({ writeKey: 'wk_visit', host: collector.url, ...options });
    await tab.run(`void (window.sdk = millrace.createAnalytics(${all}))`);
  };
  await load();
  const run: VisitPage['run'] = (job, ...args) => tab.run(`(${job})(...${JSON.stringify(args)})`);
  return {
    run,
    reload: load,
    async leave(job) {
      // Once the driver has its answer: one that is asked of a page that goes away may never come.
      await tab.run(`void setTimeout(() => { (${job})(); location.assign('/elsewhere'); })`);
      const path = () => tab.run('location.pathname').catch(() => undefined);
      await expect.poll(path, { timeout: 15_000 }).toBe('/elsewhere');
    },
    async goBack() {
      await tab.run('void setTimeout(() => history.back())');
      const path = () => tab.run('location.pathname').catch(() => undefined);
      await expect.poll(path, { timeout: 15_000 }).toBe('/');
    },
    show: tab.show,
    close: tab.close,
  };
}
