import { expect, it } from 'vitest';
import { kafkaNotice } from './kafka-notices.ts';

const DAY_MS = 86_400_000;
const topic = {
  topic: 'events',
  copies: 1,
  minInsyncReplicas: 1,
  isUncleanElectionAllowed: false,
  maxMessageBytes: 1_000_000,
  retentionMs: 7 * DAY_MS,
  segmentMs: 1.5 * DAY_MS,
  cleanupPolicy: 'delete',
  timestampType: 'LogAppendTime',
};

it('says how long a message stays at most: with the newest of its file', () => {
  expect(kafkaNotice(topic)).toContain('for 7 to 8.5 days');
});

it.each([{ retentionMs: -1 }, { cleanupPolicy: 'compact' }])('says that %j keeps for ever', (change) => {
  expect(kafkaNotice({ ...topic, ...change })).toContain('for ever');
});
