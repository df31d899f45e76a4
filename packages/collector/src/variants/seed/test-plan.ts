import { BUCKETS, type Json } from '@millrace/core';
import type { Experiment } from '@millrace/core/evaluation';
import { type Fields, isFields, malformed } from '../evaluation-request.ts';

/** A test as `POST /tests` describes it. */
export interface TestPlan {
  name: string;
  /** In the order of their ranges; each gets the same share. */
  variants: { id: string; config: Json }[];
  /** The share of the users who take part, 0 to 1. */
  trafficAllocation: number;
}

const MAX_VARIANTS = 100;
const MAX_NAME = 64;

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= MAX_NAME;

/** Reads `name`, `variants: [{id, config}]` and `traffic_allocation`. Throws 400 with the field at fault. */
export function readTestPlan(body: Fields): TestPlan {
  const { name, variants, traffic_allocation: trafficAllocation = 1 } = body;
  if (!isName(name)) throw malformed('name', `a text of 1 to ${MAX_NAME} characters`);
  if (!Array.isArray(variants) || variants.length < 2 || variants.length > MAX_VARIANTS) {
    throw malformed('variants', `a list of 2 to ${MAX_VARIANTS} variants, each with an id`);
  }
  const seen = new Set<string>();
  for (const [index, variant] of variants.entries()) {
    const field = `variants[${index}].id`;
    if (!isFields(variant) || !isName(variant.id))
      throw malformed(field, `a text of 1 to ${MAX_NAME} characters`);
    if (seen.has(variant.id)) throw malformed(field, 'an id that no other variant has');
    seen.add(variant.id);
  }
  if (typeof trafficAllocation !== 'number' || !(trafficAllocation >= 0 && trafficAllocation <= 1)) {
    throw malformed('traffic_allocation', 'a number from 0 to 1');
  }
  const read = (variants as { id: string; config?: Json }[]).map(({ id, config = null }) => ({ id, config }));
  return { name, variants: read, trafficAllocation };
}

/** The experiment of a plan: of users, running at once. `newSalt` gives another random text each time. */
export function planExperiment(plan: TestPlan, newSalt: () => string): Experiment {
  const edge = (index: number): number => Math.round((index * BUCKETS) / plan.variants.length);
  return {
    unitType: 'userId',
    bucketingVersion: 1,
    enabled: true,
    phases: [
      {
        number: 1,
        trafficSalt: newSalt(),
        variantSalt: newSalt(),
        traffic: { start: 0, end: Math.round(plan.trafficAllocation * BUCKETS) },
        variants: plan.variants.map(({ id }, index) => ({
          start: edge(index),
          end: edge(index + 1),
          variant: id,
        })),
      },
    ],
    payloads: Object.fromEntries(plan.variants.map(({ id, config }) => [id, config])),
  };
}

/** A key that is not taken, made of a name: `checkout_button`, then `checkout_button_2`. */
export function keyOf(name: string, isTaken: (key: string) => boolean): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const stem = plain.slice(0, 56) || 'test';
  for (let count = 1; ; count++) {
    const key = count === 1 ? stem : `${stem}_${count}`;
    if (!isTaken(key)) return key;
  }
}
