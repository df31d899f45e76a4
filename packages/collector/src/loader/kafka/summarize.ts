import type { LoaderStatus } from '../loader-options.ts';
import { initialState, type LoaderTotals } from '../loader-state.ts';

/** One partition, as one loader has it. */
export interface PartitionStatus extends Omit<LoaderStatus, 'checkpoint'> {
  topic: string;
  partition: number;
  /** Everything before this offset is loaded; null until it is known. */
  loaded: number | null;
  /** The offset after the last message that Kafka told of; null until it told of one. */
  end: number | null;
  /** Messages that are not loaded. */
  lag: number | null;
}

const MOST_TELLING: LoaderStatus['state'][] = ['blocked', 'loading', 'starting', 'idle'];

/** The status of all partitions as one: the most telling state, the oldest event, the sums. */
export function summarize(
  partitions: PartitionStatus[],
  fallback: LoaderStatus['state'],
  startedAt: number,
): LoaderStatus {
  const totals = initialState({ logId: '', offset: 0 }).totals;
  for (const partition of partitions) {
    for (const key of Object.keys(totals) as (keyof LoaderTotals)[]) totals[key] += partition.totals[key];
  }
  const state =
    MOST_TELLING.find((one) => partitions.some((partition) => partition.state === one)) ?? fallback;
  const telling = partitions.filter((partition) => partition.state === state);
  const [first] = telling;
  const pending = partitions.flatMap(({ oldestPendingAt }) => oldestPendingAt ?? []);
  return {
    state,
    since: telling.length === 0 ? startedAt : Math.min(...telling.map(({ since }) => since)),
    ...(first?.reason !== undefined && { reason: first.reason }),
    checkpoint: null,
    oldestPendingAt: pending.length === 0 ? null : Math.min(...pending),
    totals,
  };
}
