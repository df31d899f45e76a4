import { expect, it } from 'vitest';
import { cookieSticky } from './cookie-sticky.ts';
import { createStickyMemory } from './sticky-memory.ts';

it('memory holds the units that were used last', () => {
  const memory = createStickyMemory(2);
  memory.set('a', '1');
  memory.set('b', '2');
  memory.get('a');
  memory.set('c', '3');
  expect(['a', 'b', 'c'].map((unit) => memory.get(unit))).toEqual(['1', undefined, '3']);
});

const set = (cookie: string | undefined, text: string, more = {}): string[] => {
  const cookies: string[] = [];
  const store = cookieSticky({ writeKey: 'wk', cookie, setCookie: (value) => cookies.push(value), ...more });
  store.set('any', text);
  expect(store.get('any')).toBe(text);
  return cookies;
};

it('a cookie is set where something is new, as the browser SDK reads it', () => {
  expect(set(undefined, 'checkout:1:2:a')).toEqual([
    'millrace_wk.sticky=checkout%3A1%3A2%3Aa; Path=/; Max-Age=34560000; SameSite=Lax; Secure',
  ]);
  expect(set('a=b; millrace_wk.sticky=checkout%3A1%3A2%3Aa:1767225600000', 'checkout:1:2:a')).toEqual([]);
  expect(set('', 'x', { domain: 'example.com', secure: false })).toEqual([
    'millrace_wk.sticky=x; Path=/; Max-Age=34560000; SameSite=Lax; Domain=example.com',
  ]);
});
