import { createKafkaLog, readTopicConfigs } from '@millrace/collector';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningKafka, startKafka } from '../../../../scripts/services/kafka.mjs';
import { findingsOfTopic } from './kafka-topics-check.ts';

const MAX_EVENT_BYTES = 32 * 1024;
let broker: RunningKafka;

beforeAll(async () => {
  broker = await startKafka();
});
afterAll(() => broker?.stop());

const findings = async () => {
  const topics = await readTopicConfigs({ brokers: broker.brokers });
  return Object.fromEntries(topics.map((topic) => [topic.topic, findingsOfTopic(topic, MAX_EVENT_BYTES)]));
};

it('finds fault with what a foreign topic lacks, and with nothing that the collector makes', async () => {
  expect(await findings()).toEqual({});
  const admin = broker.admin();
  await admin.connect();
  const configEntries = [
    { name: 'cleanup.policy', value: 'compact' },
    { name: 'unclean.leader.election.enable', value: 'true' },
    { name: 'message.timestamp.type', value: 'CreateTime' },
    { name: 'retention.ms', value: '3600000' },
    { name: 'max.message.bytes', value: '20000' },
  ];
  await admin.createTopics({ topics: [{ topic: 'millrace.rejected', configEntries }], waitForLeaders: true });
  await admin.disconnect();
  const log = createKafkaLog({
    connection: { brokers: broker.brokers },
    createTopics: { partitions: 2 },
  });
  await log.check();
  await log.close();

  const { 'millrace.events': ours = [], 'millrace.rejected': theirs = [] } = await findings();
  expect(ours).toMatchObject([
    { severity: 'ok', message: 'millrace.events: 1 copy, kept for 7 days, up to 1048588 bytes a message' },
  ]);
  expect(theirs.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
    expect.stringMatching(/^error .*cleanup.policy is compact/),
    expect.stringMatching(/^error .*unclean leader/),
    expect.stringMatching(/^warning .*collector's clock/),
    expect.stringMatching(/^warning .*kept for 0.0 days/),
    expect.stringMatching(/^warning .*20000 bytes, but events of 32768 are accepted/),
  ]);
});

it('finds fault with copies that one broker alone may acknowledge', () => {
  const config = {
    topic: 'millrace.events',
    copies: 3,
    minInsyncReplicas: 1,
    isUncleanElectionAllowed: false,
    maxMessageBytes: 1_048_588,
    retentionMs: -1,
    segmentMs: 604_800_000,
    cleanupPolicy: 'delete',
    timestampType: 'LogAppendTime',
  };
  expect(findingsOfTopic(config, MAX_EVENT_BYTES)).toMatchObject([
    { severity: 'error', message: expect.stringContaining('min.insync.replicas is 1') },
  ]);
  expect(findingsOfTopic({ ...config, minInsyncReplicas: 2 }, MAX_EVENT_BYTES)).toMatchObject([
    { severity: 'ok', message: expect.stringContaining('kept for ever') },
  ]);
});
