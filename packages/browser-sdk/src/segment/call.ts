import type { SegmentContext, SegmentOptions } from './types.ts';

interface Call {
  options: SegmentOptions;
  isScreen: boolean;
  event?: { [field: string]: unknown };
}

/** The call that runs at this moment: a client makes its event before the call returns. */
let running: Call | undefined;

/**
 * For `createAnalytics({ enrich: [segmentOptions] })`: gives the events of a `segmentFacade` the options of their call,
 * and touches no other.
 */
export function segmentOptions(event: object): void {
  if (!running) return;
  const { options, isScreen } = running;
  const fields = event as { [field: string]: unknown; context?: object };
  if (options.context) fields.context = { ...fields.context, ...options.context };
  for (const name of ['anonymousId', 'userId'] as const) if (options[name]) fields[name] = options[name];
  const at = new Date(options.timestamp ?? Number.NaN);
  if (!Number.isNaN(at.getTime())) fields.timestamp = at.toISOString();
  if (isScreen) fields.type = 'screen';
  running.event = fields;
}

/** Runs a call of the client under these options. */
export function runCall(options: SegmentOptions, isScreen: boolean, run: () => void): SegmentContext {
  const call: Call = { options, isScreen };
  running = call;
  try {
    run();
  } finally {
    running = undefined;
  }
  return { event: call.event };
}
