import { expect, it } from 'vitest';
import { createGate } from './gate.ts';

/** Operations that end when told to, and how many of them ran at a time. */
function operations() {
  const ends: (() => void)[] = [];
  const seen = { running: 0, most: 0, begun: [] as string[] };
  const operation = (name: string) => async () => {
    seen.begun.push(name);
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    await new Promise<void>((resolve) => ends.push(resolve));
    seen.running -= 1;
    return name;
  };
  return { seen, operation, endNext: () => ends.shift()?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('lets as many in as it may, in the order in which they came, and gives back what they give', async () => {
  const gate = createGate(2);
  const { seen, operation, endNext } = operations();
  const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => gate.pass(operation(name))));
  await turn();
  expect(seen.begun).toEqual(['a', 'b']);
  while (seen.begun.length < 5 || seen.running > 0) {
    endNext();
    await turn();
  }
  expect(await all).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(seen).toMatchObject({ begun: ['a', 'b', 'c', 'd', 'e'], most: 2 });
});

it('keeps no place for what failed', async () => {
  const gate = createGate(1);
  const fail = () => Promise.reject(new Error('failed'));
  const outcomes = await Promise.allSettled([gate.pass(fail), gate.pass(fail), gate.pass(async () => 'ok')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(await gate.pass(async () => 'again')).toBe('again');
});
