const COUNTRIES = ['CH', 'DE', 'FR', 'GB', 'IT', 'JP', 'NL', 'SE', 'US', 'ZA'];
const EXPERIMENTS = 100;
const SEGMENTS = 20;

/** A document of a large site, as people write it: `count` flags, a tenth as many experiments, every twentieth flag with a pattern. */
export function makeDocument(count) {
  const keys = (name, many) => Array.from({ length: many }, (_, i) => `${name}_${i}`);
  const segments = Object.fromEntries(
    keys('segment', SEGMENTS).map((key, i) => [
      key,
      {
        any: [
          { attribute: 'country', op: 'in', value: COUNTRIES.slice(i % 5, (i % 5) + 4) },
          { attribute: 'email', op: 'endsWith', value: `@company-${i}.example` },
        ],
      },
    ]),
  );
  const experiments = Object.fromEntries(
    keys('experiment', EXPERIMENTS).map((key, i) => [
      key,
      {
        bucketingVersion: 1,
        enabled: true,
        if: { segment: `segment_${i % SEGMENTS}` },
        phases: [
          {
            number: 1,
            trafficSalt: `traffic-${i}`,
            variantSalt: `variant-${i}`,
            startsAt: '2026-01-01T00:00:00Z',
            traffic: { start: 0, end: 1_000, ramp: [{ at: '2026-02-01T00:00:00Z', end: 10_000 }] },
            variants: [
              { start: 0, end: 5_000, variant: 'control' },
              { start: 5_000, end: 10_000, variant: 'treatment' },
            ],
          },
        ],
        payloads: { control: { color: 'blue', size: i }, treatment: { color: 'green', size: i } },
      },
    ]),
  );
  const flags = Object.fromEntries(keys('flag', count).map((key, i) => [key, makeFlag(i)]));
  const attributes = { risk: { serverOnly: true } };
  return { format: 1, version: 1, environment: 'production', attributes, segments, experiments, flags };
}

function makeFlag(i) {
  const first =
    i % 20 === 0
      ? { attribute: 'path', op: 'matches', value: `^/(shop|store)/[a-z]{2,8}/item-${i}$` }
      : { attribute: 'version', op: 'semverGte', value: `2.${i % 40}.0` };
  return {
    type: 'boolean',
    enabled: true,
    default: false,
    rules: [
      { if: { all: [{ segment: `segment_${i % SEGMENTS}` }, first] }, value: true },
      { if: { attribute: i % 50 === 0 ? 'risk' : 'plan', op: 'equals', value: 'gold' }, value: true },
      { rollout: { salt: `rollout-${i}`, start: 0, end: (i * 37) % 10_000 }, value: true },
      ...(i % 10 === 0
        ? [{ experiment: `experiment_${(i / 10) % EXPERIMENTS}`, values: { treatment: true } }]
        : []),
    ],
  };
}
