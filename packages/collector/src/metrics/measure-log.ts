import type { EventLog } from '../log/event-log.ts';
import { LogUnavailableError } from '../log/event-log.ts';
import type { MetricRegistry } from './registry.ts';

/** Upper ends in seconds: an ack is due in milliseconds, and a broker that hangs is given up after seconds. */
const ACK_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The same log, with what it takes and what it says of itself counted in `registry`. */
export function measureLog(log: EventLog, registry: MetricRegistry): EventLog {
  const events = registry.counter(
    'millrace_collector_events_total',
    'Events that were made durable, by whether the collector accepted them.',
    [{ outcome: 'accepted' }, { outcome: 'rejected' }],
  );
  const rejected = registry.counter(
    'millrace_collector_rejected_total',
    'Events that the collector rejected and kept, by reason.',
  );
  const refused = registry.counter(
    'millrace_collector_log_refusals_total',
    'Requests that were answered 503 because the log could not take them, by code.',
  );
  const ack = registry.histogram(
    'millrace_collector_ack_seconds',
    'From the request being understood until the log had it durably.',
    ACK_SECONDS,
  );
  reportStatus(log, registry);

  return {
    ...log,
    async append(record) {
      const begun = performance.now();
      try {
        await log.append(record);
      } catch (error) {
        if (error instanceof LogUnavailableError) refused.add(1, { code: error.code });
        throw error;
      }
      ack.observe((performance.now() - begun) / 1000);
      const { meta } = record;
      if (meta.marks.length > 0) events.add(meta.marks.length, ACCEPTED);
      if (meta.rejected === 0) return;
      events.add(meta.rejected, REJECTED);
      for (const reason of reasonsOf(record.rejected)) rejected.add(1, { reason });
    },
  };
}

const ACCEPTED = { outcome: 'accepted' };
const REJECTED = { outcome: 'rejected' };

/** A quote within a value is escaped, so that no value can look like the member. */
const REASON = /"reason":"(\w+)"/g;

function reasonsOf(rejected: Buffer): string[] {
  return [...rejected.toString('latin1').matchAll(REASON)].map(([, reason = '']) => reason);
}

function reportStatus(log: EventLog, registry: MetricRegistry): void {
  const gauge = (
    name: string,
    help: string,
    value: (status: ReturnType<EventLog['status']>) => number | undefined,
  ) =>
    registry.gauge(name, help, () => {
      const found = value(log.status());
      return found === undefined ? [] : [{ value: found }];
    });
  gauge('millrace_collector_log_writable', '1 while the log takes events.', ({ writable }) =>
    Number(writable),
  );
  gauge(
    'millrace_collector_spool_bytes',
    'Bytes on disk: of the spool, or with Kafka of the buffer that waits for it.',
    ({ bytes }) => bytes,
  );
  gauge(
    'millrace_collector_spool_quota_bytes',
    'The size at which events are refused.',
    ({ quotaBytes }) => quotaBytes,
  );
  gauge('millrace_collector_spool_segments', 'Segment files on disk.', ({ segments }) => segments);
  gauge(
    'millrace_collector_spool_quarantined',
    'Damaged segments that were set aside.',
    ({ quarantined }) => quarantined,
  );
  gauge(
    'millrace_collector_kafka_available',
    '1 while Kafka takes events, 0 while they are buffered.',
    ({ kafka }) => kafka && Number(kafka.available),
  );
  registry.total(
    'millrace_collector_kafka_drained_records_total',
    'Buffered records that went over to Kafka.',
    () => {
      const { kafka } = log.status();
      return kafka ? [{ value: kafka.drained }] : [];
    },
  );
}
