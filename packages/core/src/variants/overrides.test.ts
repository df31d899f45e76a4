import { expect, it } from 'vitest';
import { parseOverrides } from './overrides.ts';

it.each([
  ['checkout:one_page', { checkout: 'one_page' }],
  ['checkout:one_page, dark_mode:true', { checkout: 'one_page', dark_mode: 'true' }],
  ['url:https://example.com:80', { url: 'https://example.com:80' }],
  ['', {}],
  [',:,a,b:,:c', {}],
])('reads %j', (text, overrides) => {
  expect(parseOverrides(text)).toEqual(overrides);
});

it('sets no prototype', () => {
  expect(Object.getPrototypeOf(parseOverrides('__proto__:x'))).toBe(Object.prototype);
});
