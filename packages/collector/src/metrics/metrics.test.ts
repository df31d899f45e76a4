import { expect, it } from 'vitest';
import type { KafkaLoaderStatus } from '../loader/kafka/create-kafka-loader.ts';
import { initialState } from '../loader/loader-state.ts';
import { makeRecord } from '../loader/testing/make-record.ts';
import { createMemoryWarehouse } from '../loader/testing/memory-warehouse.ts';
import { type EventLog, LogUnavailableError } from '../log/event-log.ts';
import { createLoaderMetrics } from './loader-metrics.ts';
import { measureLog } from './measure-log.ts';
import { measureProcess } from './measure-process.ts';
import { createRegistry } from './registry.ts';
import { parseMetrics } from './testing/parse-metrics.ts';

const samplesOf = (text: string, name: string) =>
  Object.fromEntries(parseMetrics(text).get(name)?.samples ?? []);

it('renders what the format asks for, whatever labels and help hold', () => {
  const registry = createRegistry();
  const counter = registry.counter('a_total', 'With a \\ and\na line.', [{ kind: 'none' }]);
  counter.add(2, { kind: 'quote " slash \\ line \n end' });
  const histogram = registry.histogram('b_seconds', 'Times.', [1, 2.5]);
  for (const value of [0.5, 1, 2, 99]) histogram.observe(value);
  registry.gauge('c', 'Fails.', () => {
    throw new Error('not now');
  });
  registry.gauge('d', 'None.', () => []);
  const text = registry.render();
  expect(samplesOf(text, 'a_total')).toEqual({
    'a_total{kind="none"}': 0,
    'a_total{kind="quote \\" slash \\\\ line \\n end"}': 2,
  });
  expect(samplesOf(text, 'b_seconds')).toEqual({
    'b_seconds_bucket{le="1"}': 2,
    'b_seconds_bucket{le="2.5"}': 3,
    'b_seconds_bucket{le="+Inf"}': 4,
    b_seconds_sum: 102.5,
    b_seconds_count: 4,
  });
  expect([...parseMetrics(text).keys()]).toEqual(['a_total', 'b_seconds', 'd']);
  expect(() => registry.counter('d', 'Again.')).toThrow('there already');
});

it('counts what the log takes and refuses, with the reasons of rejected events, and says how it is', async () => {
  const registry = createRegistry();
  let full = false;
  const log: EventLog = {
    append: async () => {
      if (full) throw new LogUnavailableError('log_full', 'full', 1000);
    },
    status: () => ({
      writable: !full,
      bytes: 12,
      quotaBytes: 100,
      segments: 1,
      quarantined: 0,
      kafka: { available: false, reason: 'away', drained: 3 },
    }),
    close: async () => {},
  };
  const measured = measureLog(log, registry);
  await measured.append(makeRecord({ events: [{ id: 'a' }, { id: 'b' }], rejected: ['"reason":"forged"'] }));
  full = true;
  await expect(measured.append(makeRecord({ events: [{ id: 'c' }] }))).rejects.toThrow('full');
  const text = registry.render();
  expect(samplesOf(text, 'millrace_collector_events_total')).toEqual({
    'millrace_collector_events_total{outcome="accepted"}': 2,
    'millrace_collector_events_total{outcome="rejected"}': 1,
  });
  expect(samplesOf(text, 'millrace_collector_rejected_total')).toEqual({
    'millrace_collector_rejected_total{reason="invalid_event"}': 1,
  });
  expect(samplesOf(text, 'millrace_collector_log_refusals_total')).toEqual({
    'millrace_collector_log_refusals_total{code="log_full"}': 1,
  });
  expect(samplesOf(text, 'millrace_collector_ack_seconds').millrace_collector_ack_seconds_count).toBe(1);
  expect(samplesOf(text, 'millrace_collector_log_writable')).toEqual({ millrace_collector_log_writable: 0 });
  expect(samplesOf(text, 'millrace_collector_spool_bytes')).toEqual({ millrace_collector_spool_bytes: 12 });
  expect(samplesOf(text, 'millrace_collector_kafka_available')).toEqual({
    millrace_collector_kafka_available: 0,
  });
});

it('tells of chunks, inserts, repairs and the lag of each partition', async () => {
  const registry = createRegistry();
  measureProcess(registry);
  const metrics = createLoaderMetrics(registry);
  const partition = {
    topic: 'millrace.events',
    partition: 3,
    state: 'loading' as const,
    since: 0,
    oldestPendingAt: 4000,
    totals: initialState({ logId: '', offset: 0 }).totals,
    loaded: 90,
    end: 100,
    lag: 10,
  };
  const status: KafkaLoaderStatus = { ...partition, checkpoint: null, partitions: [partition] };
  metrics.follow(
    () => status,
    () => 9000,
  );
  metrics.onChunk({
    events: 400,
    duplicates: 7,
    rejected: 6,
    conflicts: 2,
    notInsertable: 1,
    compared: true,
  });
  const fates = ['done', 'lost', 'short-view'] as const;
  let number = 0;
  const warehouse = metrics.measure(createMemoryWarehouse(() => fates[number++] ?? 'done'));
  const insert = (token: string) =>
    warehouse.insert('events', Buffer.from('{"log_id":"l","log_offset":1}\n'), { token, queryId: token });
  await insert('1');
  await expect(insert('2')).rejects.toThrow();
  await expect(insert('3')).rejects.toThrow();
  await warehouse.compareDerived({ start: { logId: 'l', offset: 0 }, end: 9 });

  const text = registry.render();
  const value = (name: string, labels = '') => samplesOf(text, name)[`${name}${labels}`];
  const labels = '{topic="millrace.events",partition="3"}';
  expect(value('millrace_loader_lag_messages', labels)).toBe(10);
  expect(value('millrace_loader_loaded_offset', labels)).toBe(90);
  expect(value('millrace_loader_partition_oldest_pending_seconds', labels)).toBe(5);
  expect(value('millrace_loader_oldest_pending_seconds')).toBe(5);
  expect(value('millrace_loader_state', '{state="loading"}')).toBe(1);
  expect(value('millrace_loader_state', '{state="blocked"}')).toBe(0);
  expect(samplesOf(text, 'millrace_loader_chunk_rows')).toMatchObject({
    'millrace_loader_chunk_rows_bucket{le="100"}': 0,
    'millrace_loader_chunk_rows_bucket{le="500"}': 1,
    millrace_loader_chunk_rows_sum: 406,
  });
  expect(value('millrace_loader_events_total')).toBe(400);
  expect(value('millrace_loader_duplicates_total')).toBe(7);
  expect(samplesOf(text, 'millrace_loader_rejected_total')).toEqual({
    'millrace_loader_rejected_total{reason="collector"}': 3,
    'millrace_loader_rejected_total{reason="duplicate_id"}': 2,
    'millrace_loader_rejected_total{reason="not_insertable"}': 1,
  });
  expect(value('millrace_loader_comparisons_total')).toBe(1);
  expect(samplesOf(text, 'millrace_loader_insert_seconds').millrace_loader_insert_seconds_count).toBe(1);
  expect(value('millrace_loader_insert_failures_total')).toBe(2);
  expect(value('millrace_loader_repaired_rows_total')).toBe(1);
  expect(parseMetrics(text).get('process_cpu_seconds_total')?.type).toBe('counter');
});
