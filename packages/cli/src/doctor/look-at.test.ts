import { expect, it } from 'vitest';
import { dataPaths } from '../data-dir/data-paths.ts';
import { type Check, type DoctorContext, ok } from './finding.ts';
import { type Found, lookAt } from './look-at.ts';

const context = { paths: dataPaths('/data'), run: undefined } as unknown as DoctorContext;
const check = (name: string, look: Check['look']): Check => ({ name, look });

it('a check that hangs is a finding, and the next one is made', async () => {
  const checks = [check('hangs', () => new Promise(() => {})), check('works', async () => [ok('well')])];
  const found = await lookAt(checks, context, () => {}, 20);
  expect(found).toEqual([
    {
      name: 'hangs',
      findings: [expect.objectContaining({ severity: 'error', message: 'gave no answer within 0.02 s' })],
    },
    { name: 'works', findings: [ok('well')] },
  ]);
});

it('a check that fails is a finding', async () => {
  const checks = [check('fails', () => Promise.reject(new Error('broken')))];
  const [found] = await lookAt(checks, context, () => {});
  expect(found?.findings).toEqual([
    expect.objectContaining({ severity: 'error', message: 'could not be looked at: Error: broken' }),
  ]);
});

it('tells of each check before the next one is made', async () => {
  const told: Found[] = [];
  const seen: number[] = [];
  const look = async () => {
    seen.push(told.length);
    return [ok('well')];
  };
  await lookAt([check('a', look), check('b', look)], context, (found) => told.push(found));
  expect(seen).toEqual([0, 1]);
});
