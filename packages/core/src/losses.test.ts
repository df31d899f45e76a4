import { expect, it } from 'vitest';
import { createLosses } from './losses.ts';

it('counts losses by reason, and hands out copies', () => {
  const losses = createLosses();
  losses.add('expired', 2);
  losses.add('expired', 3);
  losses.add('too_large', 1);
  losses.add('rejected', 0);
  losses.counts().expired = 0;
  expect(losses.counts()).toEqual({ expired: 5, too_large: 1 });
});
