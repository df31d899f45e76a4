import { describe, expect, it } from 'vitest';
import spec from '../../../../spec/evaluation.json' with { type: 'json' };
import type { Json } from '../event.ts';
import type { Definitions } from './definitions.ts';
import type { EvaluationContext, StickyAssignment } from './evaluation.ts';
import { createEvaluator } from './evaluator.ts';
import { prepareDefinitions } from './prepare.ts';

interface Case {
  says: string;
  key: string;
  units: EvaluationContext['units'];
  attributes?: EvaluationContext['attributes'];
  overrides?: { [key: string]: Json };
  sticky?: StickyAssignment;
  now?: string;
  reason: string;
  variant?: string;
  phase?: number;
  payload?: Json;
  value?: Json;
}

const evaluator = createEvaluator(prepareDefinitions(spec.definitions as unknown as Definitions));

function contextOf({ units, attributes, overrides, sticky, now = spec.now }: Case): EvaluationContext {
  return { units, attributes, overrides, sticky: () => sticky, now: Date.parse(now) };
}

describe('spec/evaluation.json', () => {
  it.each(spec.experiments as unknown as Case[])('experiment $key: $says', (expected) => {
    const { variant, reason, phase, payload } = evaluator.assign(expected.key, contextOf(expected));
    expect({ variant, reason, phase, payload }).toEqual({
      variant: expected.variant,
      reason: expected.reason,
      phase: expected.phase,
      payload: expected.payload,
    });
  });

  it.each(spec.flags as unknown as Case[])('flag $key: $says', (expected) => {
    const { value, reason, assignment } = evaluator.resolve(expected.key, contextOf(expected));
    expect({ value, reason, variant: assignment?.variant }).toEqual({
      value: expected.value,
      reason: expected.reason,
      variant: expected.variant,
    });
  });
});

it('reads no document of another format', () => {
  const newer = createEvaluator({ ...(spec.definitions as unknown as Definitions), format: 2 });
  const context = { units: { anonymousId: 'user-1' }, now: 0 };
  expect(newer.version).toBe(0);
  expect(newer.assign('plain', context)).toMatchObject({ variant: 'control', reason: 'unsupported_version' });
  expect(newer.resolve('dark_mode', context)).toEqual({ flag: 'dark_mode', reason: 'unsupported_version' });
});

describe('prepareDefinitions', () => {
  const authored = spec.definitions as unknown as Definitions;

  it('changes nothing the second time, also after a journey as JSON', () => {
    const prepared = prepareDefinitions(authored);
    expect(prepareDefinitions(JSON.parse(JSON.stringify(prepared)))).toEqual(prepared);
  });

  it('leaves the values of the site alone', () => {
    const value = { startsAt: '2026-01-01', op: 'matches', attribute: 'a', at: 'noon' };
    const flag = { type: 'object' as const, enabled: true, default: value, rules: [{ value }] };
    const { flags } = prepareDefinitions({ ...authored, flags: { at: flag } });
    expect(flags.at).toEqual(flag);
  });
});
