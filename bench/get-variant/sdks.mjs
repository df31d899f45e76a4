import { bundleEvaluator } from './bundle.mjs';

const KEY = 'checkout';
const HALF = 5_000;
const PHASE = {
  number: 1,
  trafficSalt: 'traffic-8c41',
  variantSalt: 'variant-7f3a',
  traffic: { start: 0, end: 10_000 },
  variants: [
    { start: 0, end: HALF, variant: 'control' },
    { start: HALF, end: 10_000, variant: 'treatment' },
  ],
};

/** The same experiment, two halves of all units, in each SDK's own words: the variant of a unit, recording nothing. */
export const SDKS = {
  async millrace() {
    const { createEvaluator, prepareDefinitions } = await import(await bundleEvaluator());
    const experiment = { bucketingVersion: 1, enabled: true, phases: [PHASE] };
    const { assign } = createEvaluator(
      prepareDefinitions({ format: 1, version: 1, flags: {}, experiments: { [KEY]: experiment } }),
    );
    return (anonymousId) => assign(KEY, { units: { anonymousId }, now: Date.now() }).variant;
  },
  async growthbook() {
    const { GrowthBookClient } = await import('@growthbook/growthbook');
    const rule = {
      key: KEY,
      seed: KEY,
      hashAttribute: 'id',
      hashVersion: 2,
      coverage: 1,
      weights: [0.5, 0.5],
      variations: ['control', 'treatment'],
    };
    const client = new GrowthBookClient({}).initSync({
      payload: { features: { [KEY]: { defaultValue: 'off', rules: [rule] } } },
    });
    return (id) => client.evalFeature(KEY, { attributes: { id } }).value;
  },
  async unleash() {
    const { InMemStorageProvider, Unleash } = await import('unleash-client');
    const variants = ['control', 'treatment'].map((name) => ({
      name,
      weight: 500,
      weightType: 'variable',
      stickiness: 'userId',
      overrides: [],
    }));
    const unleash = new Unleash({
      url: 'http://127.0.0.1:1/',
      appName: 'bench',
      refreshInterval: 0,
      disableMetrics: true,
      skipInstanceCountWarning: true,
      storageProvider: new InMemStorageProvider(),
      bootstrap: {
        data: [{ name: KEY, enabled: true, strategies: [{ name: 'default', parameters: {} }], variants }],
      },
    });
    unleash.on('error', () => undefined);
    await new Promise((resolve) => {
      unleash.once('ready', resolve);
    });
    return (userId) => unleash.getVariant(KEY, { userId }).name;
  },
  async optimizely() {
    const { createInstance, createStaticProjectConfigManager } = await import('@optimizely/optimizely-sdk');
    const experiment = {
      id: '1',
      key: KEY,
      layerId: '1',
      status: 'Running',
      audienceIds: [],
      forcedVariations: {},
      variations: ['control', 'treatment'].map((key) => ({ id: key, key, variables: [] })),
      trafficAllocation: [
        { entityId: 'control', endOfRange: HALF },
        { entityId: 'treatment', endOfRange: 10_000 },
      ],
    };
    const datafile = {
      version: '4',
      projectId: '1',
      accountId: '1',
      revision: '1',
      experiments: [experiment],
      featureFlags: [],
      rollouts: [],
      audiences: [],
      typedAudiences: [],
      groups: [],
      attributes: [],
      events: [],
      variables: [],
    };
    const client = createInstance({
      projectConfigManager: createStaticProjectConfigManager({ datafile: JSON.stringify(datafile) }),
    });
    await client.onReady();
    return (userId) => client.getVariation(KEY, userId);
  },
};
