import { randomUUID } from 'node:crypto';
import { createKafkaLog, createSpool } from '@millrace/collector';
import { createBenchApp } from '../collector/app.mjs';
import { makeBodies } from '../collector/events.mjs';

export const BATCH = 50;
const AT_A_TIME = 16;

/** Ids that grow with time, as those of SDKs do. */
function withOrderedIds(body) {
  return body.replace(/"messageId":"[^"]*"/g, () => {
    const time = Date.now().toString(16).padStart(12, '0');
    return `"messageId":"${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}"`;
  });
}

/** Puts `events` new events through the collector's app into `log`, and closes it. */
async function fill(log, events, seed) {
  const app = createBenchApp(log);
  const bodies = makeBodies(events / BATCH, BATCH, seed).map(withOrderedIds);
  for (let i = 0; i < bodies.length; i += AT_A_TIME) {
    await Promise.all(
      bodies.slice(i, i + AT_A_TIME).map(async (body) => {
        const response = await app.request('/v1/batch', { method: 'POST', body });
        if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      }),
    );
  }
  await log.close();
}

export const fillSpool = async (folder, events, seed) => fill(await createSpool({ folder }), events, seed);

export const fillKafka = (brokers, packing, events, seed) =>
  fill(createKafkaLog({ connection: { brokers }, packing, requestTimeoutMs: 20_000 }), events, seed);
