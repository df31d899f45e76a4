/** Batches of the same size, queues that hold the whole burst, and otherwise each SDK as it comes. */
const BATCH = 500;
const ROOM = 5_000_000;

/** How each SDK is made: what records one event, and what waits until everything is delivered. */
export const SDKS = {
  async millrace(host) {
    const { createAnalytics } = await import('@millrace/node-sdk');
    const analytics = createAnalytics({
      writeKey: 'wk',
      host,
      flushAt: BATCH,
      maxQueueCount: ROOM,
      maxQueueBytes: 4 * 1024 ** 3,
    });
    return {
      track: (userId, properties) => analytics.track('Order Completed', properties, { userId }),
      close: () => analytics.close({ timeoutMs: 120_000 }),
    };
  },
  async posthog(host) {
    const { PostHog } = await import('posthog-node');
    const client = new PostHog('phc_bench', {
      host,
      flushAt: BATCH,
      flushInterval: 500,
      maxBatchSize: BATCH,
      maxQueueSize: ROOM,
      disableGeoip: true,
    });
    return {
      track: (distinctId, properties) => client.capture({ distinctId, event: 'Order Completed', properties }),
      close: () => client.shutdown(120_000),
    };
  },
  async segment(host) {
    const { Analytics } = await import('@segment/analytics-node');
    const analytics = new Analytics({ writeKey: 'wk', host, flushAt: BATCH, flushInterval: 500 });
    analytics.on('error', () => undefined);
    return {
      track: (userId, properties) => analytics.track({ userId, event: 'Order Completed', properties }),
      close: () => analytics.closeAndFlush({ timeout: 120_000 }),
    };
  },
};
