import { expect, it } from 'vitest';
import { createSeededRandom, freshSeed } from '../testing/index.ts';
import { readSticky, writeSticky } from './sticky.ts';

const draw = (experiment: string, unit: string, variant: string, phase = 1) => ({
  experiment,
  unit,
  variant,
  phase,
  reason: 'split' as const,
});

it('gives back what each unit was first given in each experiment, and the newest of it', () => {
  let text = writeSticky('', draw('checkout', 'u1', 'a'));
  text = writeSticky(text, draw('checkout', 'u2', 'b', 2));
  text = writeSticky(text, draw('search', 'u1', 'c'));
  text = writeSticky(text, draw('checkout', 'u1', 'd', 3));
  expect(readSticky(text, 'checkout', 'u1')).toEqual({ variant: 'd', phase: 3 });
  expect(readSticky(text, 'checkout', 'u2')).toEqual({ variant: 'b', phase: 2 });
  expect(readSticky(text, 'search', 'u1')).toEqual({ variant: 'c', phase: 1 });
  expect(readSticky(text, 'search', 'u2')).toBeUndefined();
  expect(readSticky(text, 'check', 'u1')).toBeUndefined();
});

it('fits into a cookie, whatever the names are: the oldest are dropped', () => {
  const seed = freshSeed();
  const random = createSeededRandom(seed);
  const letters = ['|', ':', ';', ',', ' ', '"', '\\', '%', '=', 'é', '🙂', 'a', 'Z', '0'];
  const name = () =>
    Array.from({ length: 1 + random.next() * 12 }, () => letters[Math.floor(random.next() * 14)]).join('');
  let text = '';
  for (let i = 0; i < 500; i++) {
    const given = draw(name(), name(), name(), i);
    text = writeSticky(text, given);
    expect(text, `seed ${seed}`).toMatch(/^[!#-+\--:<-[\]-~]{1,2000}$/);
    expect(readSticky(text, given.experiment, given.unit), `seed ${seed}`).toEqual({
      variant: given.variant,
      phase: i,
    });
  }
});

it.each(['|', 'a', 'a:b:c', '%', 'checkout:1:2:%ff', '\ud800'])('makes nothing of %j', (text) => {
  expect(readSticky(text, 'checkout', 'u1')).toBeUndefined();
  const written = writeSticky(text, draw('checkout', 'u1', 'a'));
  expect(readSticky(written, 'checkout', 'u1')).toEqual({ variant: 'a', phase: 1 });
});

it('leaves a text as it was for a name that no cookie can hold', () => {
  expect(writeSticky('a', draw('\ud800', 'u1', 'a'))).toBe('a');
});
