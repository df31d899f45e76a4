import { createEvaluator, prepareDefinitions } from '@millrace/core/evaluation';
import { describe, expect, it } from 'vitest';
import type { InvalidDefinitionsError } from '../document/definitions-problem.ts';
import { importGrowthBook } from './import-growthbook.ts';

/** A payload with the features that GrowthBook's docs name: values, rollouts, experiments, namespaces, prerequisites. */
const SHOP = {
  status: 200,
  features: {
    'dark-mode': {
      defaultValue: false,
      rules: [{ id: 'r1', force: true, coverage: 0.25, hashAttribute: 'userId' }],
    },
    'Checkout.Button': {
      defaultValue: 'green',
      rules: [
        { parentConditions: [{ id: 'dark-mode', condition: { value: true }, gate: true }] },
        {
          key: 'button',
          variations: ['green', 'blue', 'red'],
          weights: [0.5, 0.3, 0.2],
          coverage: 0.8,
          hashAttribute: 'deviceId',
          hashVersion: 2,
          seed: 's1',
          phase: '2',
          namespace: ['page', 0, 0.5],
          meta: [{ key: '0', name: 'Green' }, { key: 'blue' }, { key: '2' }],
          condition: { country: 'DE' },
        },
      ],
    },
    price: {
      defaultValue: 10,
      rules: [
        { key: 'price', variations: [10, 12], hashAttribute: 'deviceId', namespace: ['page', 0.4, 1] },
        {
          key: 'button',
          variations: [10, 11, 12],
          weights: [0.5, 0.3, 0.2],
          coverage: 0.8,
          hashAttribute: 'deviceId',
          hashVersion: 2,
          seed: 's1',
          phase: '2',
          namespace: ['page', 0, 0.5],
          condition: { country: 'DE' },
          meta: [{ key: '0' }, { key: 'blue' }, { key: '2' }],
        },
      ],
    },
  },
};

describe('importGrowthBook', () => {
  it('makes flags, experiments and layers, and says what is not the same', () => {
    const { document, warnings } = importGrowthBook(SHOP);
    expect(Object.keys(document.flags)).toEqual(['dark-mode', 'checkout-button', 'price']);
    expect(document.flags['dark-mode']).toEqual({
      type: 'boolean',
      enabled: true,
      default: false,
      rules: [
        { value: true, rollout: { start: 0, end: 2500, salt: expect.any(String), unitType: 'userId' } },
      ],
    });
    expect(document.flags['checkout-button']).toEqual({
      type: 'string',
      enabled: true,
      default: 'green',
      prerequisites: [{ flag: 'dark-mode', values: [true] }],
      rules: [{ experiment: 'button', values: { control: 'green', blue: 'blue', 'variation-2': 'red' } }],
    });
    expect(document.experiments.button).toEqual({
      unitType: 'anonymousId',
      bucketingVersion: 1,
      enabled: true,
      if: { attribute: 'country', op: 'equals', value: 'DE' },
      layer: { key: 'page', ranges: [{ start: 0, end: 5000 }] },
      phases: [
        {
          number: 3,
          trafficSalt: expect.stringMatching(/^[0-9a-f]{16}$/),
          variantSalt: expect.stringMatching(/^[0-9a-f]{16}$/),
          traffic: { start: 0, end: 8000 },
          variants: [
            { start: 0, end: 5000, variant: 'control' },
            { start: 5000, end: 8000, variant: 'blue' },
            { start: 8000, end: 10_000, variant: 'variation-2' },
          ],
        },
      ],
    });
    // The same experiment in two features is one; an overlap in a namespace stays with the first.
    expect(Object.keys(document.experiments)).toEqual(['button', 'price']);
    expect(document.experiments.price?.layer).toEqual({
      key: 'page',
      ranges: [{ start: 5000, end: 10_000 }],
    });
    expect(document.flags.price?.rules?.[1]).toEqual({
      experiment: 'button',
      values: { control: 10, blue: 11, 'variation-2': 12 },
    });
    expect(warnings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      expect.stringMatching(/^\/features\/dark-mode\/rules\/0: .*drawn anew/),
      expect.stringMatching(/^\/features\/Checkout.Button: is called checkout-button here/),
      expect.stringMatching(/^\/features\/Checkout.Button\/rules\/1: .*units of button are drawn anew/),
      expect.stringMatching(/^\/features\/Checkout.Button: while its prerequisites/),
      expect.stringMatching(/^\/features\/price\/rules\/0\/namespace: shares buckets/),
      expect.stringMatching(/^\/features\/price\/rules\/0: .*units of price are drawn anew/),
    ]);
  });

  it('gives the same salts at each import, so that a second one draws nobody anew', () => {
    expect(importGrowthBook(SHOP)).toEqual(importGrowthBook(structuredClone(SHOP)));
  });

  it('draws in the proportions of GrowthBook', () => {
    const { document } = importGrowthBook(SHOP);
    const evaluator = createEvaluator(prepareDefinitions(document));
    const counts: { [variant: string]: number } = {};
    for (let i = 0; i < 20_000; i++) {
      const context = { units: { anonymousId: `u${i}` }, attributes: { country: 'DE' }, now: 0 };
      const { reason, variant } = evaluator.assign('button', context);
      const name = reason === 'split' ? variant : 'out';
      counts[name] = (counts[name] ?? 0) + 1;
    }
    for (const [variant, share] of Object.entries({
      out: 0.6,
      control: 0.2,
      blue: 0.12,
      'variation-2': 0.08,
    })) {
      expect(Math.abs((counts[variant] ?? 0) / 20_000 - share), variant).toBeLessThan(0.02);
    }
  });

  it.each<[rule: object, path: string, message: string]>([
    [{ variations: [true] }, '/variations', 'fewer than two'],
    [{ force: 'text' }, '/force', 'is no boolean'],
    [{ variations: [true, 'x'], hashAttribute: 'userId' }, '/variations/1', 'is no boolean'],
    [
      { force: true, parentConditions: [{ id: 'g', condition: { value: true } }] },
      '/parentConditions',
      'prerequisites of a value',
    ],
    [
      { force: true, parentConditions: [{ id: 'none', condition: { value: true } }] },
      '/parentConditions/0',
      'no feature none',
    ],
    [
      { parentConditions: [{ id: 'none', condition: { value: 1 }, gate: true }] },
      '/parentConditions/0',
      'flag is off',
    ],
    [
      {
        force: true,
        filters: [
          {
            seed: 'a',
            ranges: [
              [0, 0.5],
              [0.6, 1],
            ],
          },
        ],
      },
      '/filters',
      'several ranges',
    ],
    [
      {
        variations: [true, false],
        filters: [
          { seed: 'a', ranges: [[0, 1]] },
          { seed: 'b', ranges: [] },
        ],
      },
      '/filters',
      'more than one filter',
    ],
    [
      { variations: [true, false], hashAttribute: 'userId', fallbackAttribute: 'deviceId' },
      '/fallbackAttribute',
      'no equivalent',
    ],
    [
      { variations: [true, false], hashAttribute: 'userId', minBucketVersion: 2 },
      '/minBucketVersion',
      'forgetSticky',
    ],
    [
      { variations: [true, false], hashAttribute: 'userId', meta: [{ passthrough: true }] },
      '/meta/0/passthrough',
      'no equivalent',
    ],
    [{ force: true, tracks: [] }, '/tracks', 'left out'],
    [{ force: true, coverage: 0.5 }, '/hashAttribute', '--unit id=userId'],
    [{}, '', 'neither a value nor an experiment'],
  ])('warns of %j', (rule, path, message) => {
    const features = { f: { defaultValue: false, rules: [rule] }, g: { defaultValue: true } };
    const { warnings } = importGrowthBook({ features });
    expect(warnings).toContainEqual({
      path: `/features/f/rules/0${path}`,
      message: expect.stringContaining(message),
    });
  });

  it('warns of experiments of the visual editor, and switches features off that depend on themselves', () => {
    const needs = (id: string) => ({
      defaultValue: true,
      rules: [{ parentConditions: [{ id, condition: { value: true }, gate: true }] }],
    });
    const { document, warnings } = importGrowthBook({
      features: { a: needs('b'), b: needs('a') },
      experiments: [{ key: 'x' }],
    });
    expect(warnings).toContainEqual({
      path: '/experiments/0',
      message: expect.stringContaining('visual editor'),
    });
    expect(document.flags).toMatchObject({ a: { enabled: false }, b: { enabled: false } });
  });

  it.each<[unknown, string]>([
    [null, ''],
    [{}, ''],
    [{ features: [] }, '/features'],
    [{ features: {}, encryptedFeatures: 'abc' }, '/encryptedFeatures'],
    [{ features: { f: { rules: [{ coverage: 'half' }] } } }, '/features/f/rules/0/coverage'],
    [{ features: { f: { rules: [{ namespace: ['a', 0] }] } } }, '/features/f/rules/0/namespace'],
  ])('refuses what is no payload, with the place: %j', (payload, path) => {
    expect(() => importGrowthBook(payload)).toThrow(
      expect.objectContaining({ problems: expect.arrayContaining([expect.objectContaining({ path })]) }),
    );
  });

  it.each(Array.from({ length: 12 }, (_, index) => index + 1))('names %i wrong values alone', (count) => {
    const rules = Array.from({ length: count }, () => ({ coverage: 'half' }));
    let places: string[] = [];
    try {
      importGrowthBook({ features: { f: { rules } } });
    } catch (error) {
      places = (error as InvalidDefinitionsError).problems.map(({ path }) => path);
    }
    expect(places).toContain('/features/f/rules/0/coverage');
    expect(places.filter((path) => !path.endsWith('/coverage'))).toEqual([]);
  });
});
