import { readTopicConfigs, type TopicConfig } from '@millrace/collector';
import { kafkaConnection } from '../start/kafka-connection.ts';
import { type DoctorContext, type Finding, ok, problem, warning } from './finding.ts';

const WEEK_MS = 7 * 86_400_000;
/** What a stored row has beside the event that was sent, and a message beside its row. */
const ROW_OVERHEAD_BYTES = 16 * 1024;

/** Whether the topics are set as the guarantees need them. */
export async function kafkaTopics({ config }: Pick<DoctorContext, 'config'>): Promise<Finding[]> {
  const connection = await kafkaConnection(config);
  if (!connection) return [];
  try {
    const topics = await readTopicConfigs(connection);
    return topics.flatMap((topic) => findingsOfTopic(topic, config.maxEventBytes));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      warning(
        `how the topics are set is not known: ${why}`,
        'check KAFKA_BROKERS, and that the user may DescribeConfigs',
      ),
    ];
  }
}

/** What there is to say of one topic; `maxEventBytes` is the greatest event that the collector takes. */
export function findingsOfTopic(config: TopicConfig, maxEventBytes: number): Finding[] {
  const { topic, copies, minInsyncReplicas, retentionMs, maxMessageBytes } = config;
  const set = (what: string, value: string | number) =>
    `kafka-configs.sh --alter --topic ${topic} --add-config ${what}=${value}`;
  const findings: Finding[] = [];
  if (config.cleanupPolicy !== 'delete') {
    findings.push(
      problem(
        `${topic}: cleanup.policy is ${config.cleanupPolicy}: events can be removed before they are loaded`,
        set('cleanup.policy', 'delete'),
      ),
    );
  }
  if (config.isUncleanElectionAllowed) {
    findings.push(
      problem(
        `${topic}: an unclean leader may be elected, and acknowledged events be lost`,
        set('unclean.leader.election.enable', 'false'),
      ),
    );
  }
  if (copies > 1 && minInsyncReplicas < 2) {
    findings.push(
      problem(
        `${topic}: min.insync.replicas is ${minInsyncReplicas}: one broker's disk can hold the only copy of what was answered 2xx`,
        set('min.insync.replicas', 2),
      ),
    );
  }
  if (config.timestampType !== 'LogAppendTime') {
    findings.push(
      warning(
        `${topic}: messages carry the collector's clock: one that is an hour ahead is refused by the broker`,
        set('message.timestamp.type', 'LogAppendTime'),
      ),
    );
  }
  if (retentionMs >= 0 && retentionMs < WEEK_MS) {
    findings.push(
      warning(
        `${topic}: messages are kept for ${(retentionMs / 86_400_000).toFixed(1)} days: loaders that are away longer lose them`,
        set('retention.ms', WEEK_MS),
      ),
    );
  }
  if (maxMessageBytes < maxEventBytes + ROW_OVERHEAD_BYTES) {
    findings.push(
      warning(
        `${topic}: takes messages of ${maxMessageBytes} bytes, but events of ${maxEventBytes} are accepted: what is too large goes to rejected_events`,
        `${set('max.message.bytes', maxEventBytes + ROW_OVERHEAD_BYTES)}, or lower MILLRACE_MAX_EVENT_BYTES`,
      ),
    );
  }
  if (findings.length > 0) return findings;
  const kept = retentionMs < 0 ? 'for ever' : `for ${Math.round(retentionMs / 86_400_000)} days`;
  return [
    ok(
      `${topic}: ${copies} ${copies === 1 ? 'copy' : 'copies'}, kept ${kept}, up to ${maxMessageBytes} bytes a message`,
    ),
  ];
}
