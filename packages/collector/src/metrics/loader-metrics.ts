import type { KafkaLoaderStatus } from '../loader/kafka/create-kafka-loader.ts';
import type { LoadedChunk, LoaderStatus } from '../loader/loader-options.ts';
import type { LoaderWarehouse } from '../loader/loader-warehouse.ts';
import type { MetricRegistry, Sample } from './registry.ts';

/** What a loader counts while it works. */
export interface LoaderMetrics {
  onChunk(chunk: LoadedChunk): void;
  /** The same warehouse, with its inserts timed and its repairs counted. */
  measure(warehouse: LoaderWarehouse): LoaderWarehouse;
  /** Adds what the loader says of itself. */
  follow(status: () => LoaderStatus | KafkaLoaderStatus, clock?: () => number): void;
}

const CHUNK_ROWS = [1, 10, 100, 500, 1000, 2500, 5000, 10_000, 15_000, 20_000];
const INSERT_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const STATES: LoaderStatus['state'][] = ['stopped', 'starting', 'idle', 'loading', 'blocked', 'paused'];

/** The figures of a loader in `registry`. */
export function createLoaderMetrics(registry: MetricRegistry): LoaderMetrics {
  const reasons = ['collector', 'duplicate_id', 'not_insertable'].map((reason) => ({ reason }));
  const rows = registry.histogram(
    'millrace_loader_chunk_rows',
    'Rows of a chunk, rejected ones included.',
    CHUNK_ROWS,
  );
  const seconds = registry.histogram(
    'millrace_loader_insert_seconds',
    'One insert into ClickHouse.',
    INSERT_SECONDS,
  );
  const failures = registry.counter(
    'millrace_loader_insert_failures_total',
    'Inserts that did not succeed.',
    [{}],
  );
  const events = registry.counter('millrace_loader_events_total', 'Events that were loaded.', [{}]);
  const duplicates = registry.counter(
    'millrace_loader_duplicates_total',
    'Repeated events that were dropped.',
    [{}],
  );
  const rejected = registry.counter(
    'millrace_loader_rejected_total',
    'Rows loaded into rejected_events, by who refused them and why.',
    reasons,
  );
  const comparisons = registry.counter(
    'millrace_loader_comparisons_total',
    'Chunks that were compared with the table, as the outcome of an insert was unknown.',
    [{}],
  );
  const repairs = registry.counter(
    'millrace_loader_repaired_rows_total',
    'Rows of rollups that differed from events after an insert was cut off, and were made anew.',
    [{}],
  );

  return {
    onChunk(chunk) {
      rows.observe(chunk.events + chunk.rejected);
      events.add(chunk.events);
      duplicates.add(chunk.duplicates);
      const { conflicts, notInsertable } = chunk;
      rejected.add(chunk.rejected - conflicts - notInsertable, { reason: 'collector' });
      rejected.add(conflicts, { reason: 'duplicate_id' });
      rejected.add(notInsertable, { reason: 'not_insertable' });
      if (chunk.compared) comparisons.add();
    },
    measure: (warehouse) => ({
      ...warehouse,
      async insert(table, body, options) {
        const begun = performance.now();
        try {
          await warehouse.insert(table, body, options);
        } catch (error) {
          failures.add();
          throw error;
        }
        seconds.observe((performance.now() - begun) / 1000);
      },
      async compareDerived(range) {
        const differences = await warehouse.compareDerived(range);
        repairs.add(differences.reduce((sum, difference) => sum + difference.rows, 0));
        return differences;
      },
    }),
    follow(status, clock = Date.now) {
      registry.gauge('millrace_loader_state', 'What the loader does; 1 for the one that holds.', () => {
        const { state } = status();
        return STATES.map((one) => ({ labels: { state: one }, value: Number(one === state) }));
      });
      registry.gauge(
        'millrace_loader_oldest_pending_seconds',
        'The age of the oldest event that was read and is not loaded; 0 without one.',
        () => {
          const { oldestPendingAt } = status();
          return [{ value: oldestPendingAt === null ? 0 : Math.max(0, clock() - oldestPendingAt) / 1000 }];
        },
      );
      const byPartition = (name: string, help: string, read: (partition: Partition) => number | null) =>
        registry.gauge(name, help, () => partitionsOf(status()).flatMap((one) => sampleOf(one, read(one))));
      byPartition(
        'millrace_loader_lag_messages',
        'Messages of a partition that are not loaded.',
        ({ lag }) => lag,
      );
      byPartition('millrace_loader_loaded_offset', 'Everything before it is loaded.', ({ loaded }) => loaded);
      byPartition('millrace_loader_partition_oldest_pending_seconds', 'As above, of a partition.', (one) =>
        one.oldestPendingAt === null ? 0 : Math.max(0, clock() - one.oldestPendingAt) / 1000,
      );
    },
  };
}

type Partition = KafkaLoaderStatus['partitions'][number];

function partitionsOf(status: LoaderStatus | KafkaLoaderStatus): Partition[] {
  return 'partitions' in status ? status.partitions : [];
}

function sampleOf({ topic, partition }: Partition, value: number | null): Sample[] {
  return value === null ? [] : [{ labels: { topic, partition }, value }];
}
