import {
  type CompiledDefinitions,
  compileDefinitions,
  type Definitions,
  type Experiment,
} from '@millrace/core/evaluation';

/** Of user-1 the bucket is 3708, of user-2 it is 8154: control and treatment. */
const VARIANT_SALT = 'checkout-7f3a';

/** An experiment of two halves; `first` has the lower buckets. */
export function halves(change: Partial<Experiment> = {}, first = 'control', number = 1): Experiment {
  const variants = [
    { start: 0, end: 5000, variant: first },
    { start: 5000, end: 10_000, variant: first === 'control' ? 'treatment' : 'control' },
  ];
  const traffic = { start: 0, end: 10_000 };
  const phase = { number, trafficSalt: 'edge', variantSalt: VARIANT_SALT, traffic, variants };
  return { bucketingVersion: 1, enabled: true, phases: [phase], ...change };
}

/** Definitions with these experiments, as the collector serves them to pages. */
export function definitionsOf(
  experiments: Definitions['experiments'],
  more: Partial<Definitions> = {},
): CompiledDefinitions {
  return compileDefinitions({ format: 1, version: 1, flags: {}, experiments, ...more });
}
