import type { Definitions } from '@millrace/core/evaluation';

/** An experiment that anyone may see, one that needs what only the server knows, and flags of both kinds. */
export const SAMPLE: Definitions = {
  format: 1,
  version: 3,
  attributes: { fraud_score: { serverOnly: true } },
  segments: { trusted: { attribute: 'fraud_score', op: 'lt', value: 7 } },
  experiments: {
    checkout: {
      bucketingVersion: 1,
      enabled: true,
      phases: [
        {
          number: 2,
          trafficSalt: 'edge',
          variantSalt: 'checkout-7f3a',
          traffic: { start: 0, end: 10_000 },
          variants: [
            { start: 0, end: 5_000, variant: 'control' },
            { start: 5_000, end: 10_000, variant: 'treatment' },
          ],
        },
      ],
      payloads: { treatment: { color: 'green' } },
    },
    credit: {
      unitType: 'userId',
      bucketingVersion: 1,
      enabled: true,
      forced: [{ variant: 'on', units: ['tester-of-credit'] }],
      if: { segment: 'trusted' },
      phases: [
        {
          number: 1,
          trafficSalt: 'credit-traffic',
          variantSalt: 'credit-variant',
          traffic: { start: 0, end: 10_000 },
          variants: [{ start: 0, end: 10_000, variant: 'on' }],
        },
      ],
    },
  },
  flags: {
    color: {
      type: 'string',
      enabled: true,
      default: 'grey',
      rules: [{ experiment: 'checkout', values: { control: 'blue', treatment: 'green' } }],
    },
    banner: { type: 'boolean', enabled: true, default: true },
    pay_later: {
      type: 'boolean',
      enabled: true,
      default: false,
      rules: [{ if: { segment: 'trusted' }, value: true }],
    },
    gone: { type: 'boolean', enabled: false, default: true },
  },
};
