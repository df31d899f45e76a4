import { groupLag } from '@millrace/collector';
import { createWarehouseClient, type KafkaEngineStatus, kafkaEngineStatus } from '@millrace/warehouse-schema';
import { kafkaConnection } from '../start/kafka-connection.ts';
import { type Check, type DoctorContext, type Finding, ok, problem, warning } from './finding.ts';

const QUERY_TIMEOUT_MS = 8_000;
const RECENT_MS = 5 * 60_000;

/** Where ClickHouse consumes Kafka itself: that it is at least once, what came twice, and how far behind it is. */
export const kafkaEngine: Check = {
  name: 'kafka-engine',
  async look(context) {
    const { admin } = await context.installation.warehouse().catch(() => ({ admin: undefined }));
    // The check of the warehouse says that it does not answer.
    if (!admin) return [];
    const client = createWarehouseClient({ ...admin, requestTimeoutMs: QUERY_TIMEOUT_MS });
    try {
      const status = await kafkaEngineStatus(client).catch(() => undefined);
      return status ? [...told(status, context), await lag(status, context)] : [];
    } finally {
      await client.close();
    }
  },
};

function told(
  { events, doubles, rejected, lastError }: KafkaEngineStatus,
  { now }: DoctorContext,
): Finding[] {
  const findings = [
    ok(
      `kafka_events is filled at least once: of ${events} rows of the last 24 hours ${doubles} repeat a message_id (kafka_events_once leaves them out)`,
    ),
  ];
  if (rejected > 0) {
    findings.push(
      warning(
        `${rejected} messages of the last 24 hours were no events`,
        'see kafka_rejected, with the reason of each',
      ),
    );
  }
  if (lastError && now() - lastError.at < RECENT_MS) {
    findings.push(
      warning(`its consumer failed within the last minutes: ${lastError.text}`, 'see the log of ClickHouse'),
    );
  }
  return findings;
}

async function lag({ group, topics }: KafkaEngineStatus, { config }: DoctorContext): Promise<Finding> {
  const connection = await kafkaConnection(config).catch(() => undefined);
  if (!connection) {
    return warning(
      `nobody can say how far the group ${group} is behind`,
      'set KAFKA_BROKERS for this command as well',
    );
  }
  try {
    const lags = await groupLag(connection, { groupId: group, topics });
    const missing = topics.filter((topic) => !lags.some((one) => one.topic === topic));
    if (missing.length > 0) {
      return warning(
        `topics that it is to read are not there: ${missing.join(', ')}`,
        'make them, or start a collector',
      );
    }
    const behind = lags.reduce((sum, one) => sum + one.behind, 0);
    if (behind > 0 && !lags.some(({ started }) => started)) {
      return problem(
        `the group ${group} has read nothing of ${behind} messages`,
        'see that ClickHouse reaches the brokers: millrace kafka-engine create --brokers names them as it sees them',
      );
    }
    return ok(`the group ${group} is ${behind} messages behind`);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return problem(
      `Kafka does not say how far the group ${group} is behind: ${words}`,
      'check KAFKA_BROKERS',
    );
  }
}
