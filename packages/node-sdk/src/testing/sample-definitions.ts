import type { Definitions, Experiment } from '@millrace/core/evaluation';

/** A phase that gives everybody one variant. */
export const phase = (variant: string) => ({
  number: 1,
  trafficSalt: 't',
  variantSalt: 'v',
  traffic: { start: 0, end: 10_000 },
  variants: [{ start: 0, end: 10_000, variant }],
});
/** An experiment of that phase. */
export const experiment = (variant: string, more: Partial<Experiment> = {}): Experiment => ({
  bucketingVersion: 1,
  enabled: true,
  phases: [phase(variant)],
  ...more,
});
/** A document of one flag and three experiments. */
export const definitions = (version: number, variant = 'one_page'): Definitions => ({
  format: 1,
  version,
  flags: { limit: { type: 'number', enabled: true, default: 3 } },
  experiments: {
    checkout: experiment(variant),
    sticky: experiment(variant, { sticky: true }),
    pro: experiment('on', { unitType: 'userId', if: { attribute: 'plan', op: 'equals', value: 'pro' } }),
  },
});
