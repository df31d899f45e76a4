import type { BrowserCommand } from 'vitest/node';
import type { DefinitionsRequest } from './recorded-definitions.ts';
import {
  type Answer,
  type RecordedBatch,
  type RecordingCollector,
  startRecordingCollector,
} from './recording-collector.ts';

const collectors = new Map<string, RecordingCollector>();

function find(url: string): RecordingCollector {
  const collector = collectors.get(url);
  if (!collector) throw new Error(`no recording collector at ${url}`);
  return collector;
}

const startCollector: BrowserCommand<[]> = async () => {
  const collector = await startRecordingCollector();
  collectors.set(collector.url, collector);
  return collector.url;
};

const stopCollector: BrowserCommand<[url: string]> = async (_context, url) => {
  await find(url).close();
  collectors.delete(url);
};

const setCollector: BrowserCommand<[url: string, to: CollectorSettings]> = (_context, url, to) => {
  Object.assign(find(url), to);
};

const readCollector: BrowserCommand<[url: string, count: number]> = async (_context, url, count) => {
  const collector = find(url);
  await collector.arrived(count);
  return { batches: collector.batches, preflights: collector.preflights };
};

const serveDefinitions: BrowserCommand<[url: string, document?: { version: number }]> = (
  _context,
  url,
  document,
) => {
  find(url).definitions.serve(document);
};

const serveEvaluations: BrowserCommand<[url: string, answers: { [userId: string]: object }]> = (
  _context,
  url,
  answers,
) => {
  find(url).definitions.evaluations = answers;
};

const readDefinitions: BrowserCommand<[url: string]> = (_context, url) => {
  const { requests, listeners } = find(url).definitions;
  return { requests, listeners: listeners() };
};

/** What a test may change of a collector. */
interface CollectorSettings {
  answers?: Answer[];
  offline?: boolean;
}

/** Commands by which a test in the browser drives recording collectors outside of it. */
export const collectorCommands = {
  startCollector,
  stopCollector,
  setCollector,
  readCollector,
  serveDefinitions,
  serveEvaluations,
  readDefinitions,
};

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** Starts a recording collector, and returns its address. */
    startCollector: () => Promise<string>;
    stopCollector: (url: string) => Promise<void>;
    setCollector: (url: string, to: CollectorSettings) => Promise<void>;
    /** What the collector got, once it got `count` batches. */
    readCollector: (url: string, count: number) => Promise<{ batches: RecordedBatch[]; preflights: number }>;
    /** Has the collector serve this document, and push its version; none: 404. */
    serveDefinitions: (url: string, document?: object) => Promise<void>;
    /** Has it evaluate so, by user; `''` is for nobody. */
    serveEvaluations: (url: string, answers: { [userId: string]: object }) => Promise<void>;
    /** The requests for definitions and evaluations, and how many pages listen to changes. */
    readDefinitions: (url: string) => Promise<{ requests: DefinitionsRequest[]; listeners: number }>;
  }
}
