import { describe, expect, it } from 'vitest';
import spec from '../../../../spec/evaluation.json' with { type: 'json' };
import { InvalidDefinitionsError } from './definitions-problem.ts';
import { validateDefinitions } from './validate-definitions.ts';

const phase = {
  number: 1,
  trafficSalt: 't',
  variantSalt: 'v',
  traffic: { start: 0, end: 10_000 },
  variants: [{ start: 0, end: 10_000, variant: 'on' }],
};
const experiment = { bucketingVersion: 1, enabled: true, phases: [phase] };
const flag = { type: 'boolean', enabled: true };

function problemsOf(document: unknown): { path: string; message: string }[] {
  try {
    validateDefinitions(document);
  } catch (error) {
    if (error instanceof InvalidDefinitionsError) return [...error.problems];
    throw error;
  }
  return [];
}

function withParts(parts: object): object {
  return { format: 1, version: 1, flags: {}, experiments: {}, ...parts };
}

it('takes an empty document', () => {
  expect(problemsOf(withParts({}))).toEqual([]);
});

it('finds what the document of the vectors has wrong on purpose, and nothing else', () => {
  expect(problemsOf(spec.definitions).map(({ path }) => path)).toEqual([
    '/flags/mistyped/default',
    '/experiments/for_europe/targeted/0/variant',
    '/experiments/lost_segment/if/segment',
    '/experiments/circle',
  ]);
});

describe('names the place and what was expected', () => {
  const e = (parts: object): object => withParts({ experiments: { e: { ...experiment, ...parts } } });
  const p = (parts: object): object => e({ phases: [{ ...phase, ...parts }] });
  const f = (parts: object): object => withParts({ flags: { f: { ...flag, ...parts } } });
  const c = (condition: object): object => withParts({ segments: { s: condition } });

  it.each<[string, string, unknown]>([
    ['', 'object', null],
    ['', 'object', []],
    ['', 'experiments', { format: 1, version: 1, flags: {} }],
    ['/format', '', withParts({ format: 2 })],
    ['', 'surprise', withParts({ surprise: 1 })],
    ['/experiments', '', withParts({ experiments: { 'Not a key': experiment } })],
    ['/experiments/e', 'hypothesis', e({ hypothesis: 'x' })],
    ['/experiments/e/enabled', 'boolean', e({ enabled: 'yes' })],
    ['/experiments/e/phases/0/trafficSalt', 'pattern', p({ trafficSalt: 'a:b' })],
    ['/experiments/e/phases/0/variantSalt', 'differ', p({ variantSalt: 't' })],
    ['/experiments/e/phases/0/traffic/end', '10000', p({ traffic: { start: 0, end: 10_001 } })],
    ['/experiments/e/phases/0/traffic/end', 'at least start', p({ traffic: { start: 10, end: 9 } })],
    ['/experiments/e/phases/0/startsAt', 'pattern', p({ startsAt: '2026-01-01T00:00:00' })],
    ['/experiments/e/phases/0/startsAt', 'not a time', p({ startsAt: '2026-13-01' })],
    ['/experiments/e/phases/0/endsAt', 'after', p({ startsAt: '2026-02-01', endsAt: '2026-01-01' })],
    ['/experiments/e/phases/1/number', 'greater', e({ phases: [phase, phase] })],
    [
      '/experiments/e/phases/0/variants/1/start',
      'before the end',
      p({
        variants: [
          { start: 0, end: 6000, variant: 'a' },
          { start: 5000, end: 10_000, variant: 'b' },
        ],
      }),
    ],
    [
      '/experiments/e/phases/0/traffic/ramp/1/at',
      'after',
      p({
        traffic: {
          start: 0,
          end: 1,
          ramp: [
            { at: '2026-01-02', end: 2 },
            { at: '2026-01-01', end: 3 },
          ],
        },
      }),
    ],
    ['/experiments/e/forced/0/variant', 'no phase', e({ forced: [{ variant: 'off', units: ['u'] }] })],
    ['/experiments/e/payloads/off', 'no phase', e({ payloads: { off: 1 } })],
    ['/experiments/e/holdouts/0', 'no holdout', e({ holdouts: ['h'] })],
    ['/experiments/e/layer/key', 'no layer', e({ layer: { key: 'l', ranges: [{ start: 0, end: 1 }] } })],
    ['/experiments/e/prerequisites/0/flag', 'no flag', e({ prerequisites: [{ flag: 'x', values: [true] }] })],
    ['/experiments/e/prerequisites/0', 'must have', e({ prerequisites: [{ flag: 'x' }] })],
    ['/flags/f/default', 'boolean', f({ default: 'yes' })],
    ['/flags/f/rules/0', 'value and experiment', f({ rules: [{}] })],
    ['/flags/f/rules/0/experiment', 'no experiment', f({ rules: [{ experiment: 'x' }] })],
    ['/flags/f/rules/0/value', 'boolean', f({ rules: [{ value: 1 }] })],
    ['/flags/f', 'itself', f({ prerequisites: [{ flag: 'f', values: [true] }] })],
    ['/experiments/e/phases/0/number', '2147483647', p({ number: 2 ** 31 })],
    ['/experiments/e/payloads/on', 'surrogate', e({ payloads: { on: 'a\ud800' } })],
    ['/experiments/e/payloads/on/a~0b\0', 'U+0000', e({ payloads: { on: { 'a~b\0': 1 } } })],
    ['/segments/s', 'one of', c({})],
    ['/segments/s', 'one of', c({ all: [], any: [] })],
    ['/segments/s/not/segment', 'no segment', c({ not: { segment: 'x' } })],
    ['/segments/s', 'itself', c({ any: [{ segment: 's' }] })],
    ['/segments/s', 'op', c({ attribute: 'a' })],
    ['/segments/s/op', '', c({ attribute: 'a', op: 'resembles', value: 'b' })],
    ['/segments/s/value', 'a number', c({ attribute: 'a', op: 'lt', value: '3' })],
    ['/segments/s/value', 'ISO 8601', c({ attribute: 'a', op: 'before', value: 'noon' })],
    ['/segments/s/value', 'a list', c({ attribute: 'a', op: 'in', value: 'b' })],
    ['/segments/s/all/0/value', 'no pattern', c({ all: [{ attribute: 'a', op: 'matches', value: '(' }] })],
  ])('%s: %s', (path, message, document) => {
    expect(problemsOf(document)).toContainEqual({ path, message: expect.stringContaining(message) });
  });

  it('a document that nests deeper than anyone walks', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    expect(problemsOf(e({ payloads: { on: deep } }))).toMatchObject([
      {
        path: expect.stringMatching(/^\/experiments\/e\/payloads\/on(\/0)+$/),
        message: expect.stringContaining('deeper'),
      },
    ]);
  });

  it('two experiments of a layer that claim the same buckets', () => {
    const layer = (start: number, end: number) => ({
      ...experiment,
      layer: { key: 'l', ranges: [{ start, end }] },
    });
    const layers = { l: { salt: 's' } };
    expect(problemsOf(withParts({ layers, experiments: { a: layer(0, 500), b: layer(500, 900) } }))).toEqual(
      [],
    );
    expect(problemsOf(withParts({ layers, experiments: { a: layer(0, 500), b: layer(499, 900) } }))).toEqual([
      { path: '/experiments/b/layer/ranges/0', message: expect.stringContaining('experiment a') },
    ]);
  });
});
