import type {
  CompiledDefinitions,
  Definitions,
  EvaluationContext,
  StickyAssignment,
} from '@millrace/core/evaluation';
import { compileDefinitions } from '@millrace/core/evaluation';
import { expect, it } from 'vitest';
import spec from '../../../../spec/evaluation.json' with { type: 'json' };

// The file that is published: minified, with its properties' names cut.
const BUILT = '/packages/browser-sdk/dist/variants.js';
const { createEvaluator }: typeof import('./index.ts') = await import(/* @vite-ignore */ BUILT);

type Case = Omit<EvaluationContext, 'now' | 'sticky'> & {
  says: string;
  key: string;
  now?: string;
  sticky?: StickyAssignment;
  reason: string;
  variant?: string;
  phase?: number;
  payload?: unknown;
  value?: unknown;
};

// As the collector serves them.
const definitions: CompiledDefinitions = JSON.parse(
  JSON.stringify(compileDefinitions(spec.definitions as unknown as Definitions)),
);
const evaluator = createEvaluator(definitions);
const contextOf = ({ sticky, now = spec.now, ...rest }: Case): EvaluationContext => ({
  ...rest,
  sticky: () => sticky,
  now: Date.parse(now),
});

it.each(spec.experiments as unknown as Case[])('experiment $key: $says', (expected) => {
  const { variant, reason, phase, payload } = evaluator.assign(expected.key, contextOf(expected));
  const wanted = {
    variant: expected.variant,
    reason: expected.reason,
    phase: expected.phase,
    payload: expected.payload,
  };
  expect({ variant, reason, phase, payload }).toEqual(wanted);
});

it.each(spec.flags as unknown as Case[])('flag $key: $says', (expected) => {
  const { value, reason, assignment } = evaluator.resolve(expected.key, contextOf(expected));
  const wanted = { value: expected.value, reason: expected.reason, variant: expected.variant };
  expect({ value, reason, variant: assignment?.variant }).toEqual(wanted);
});
