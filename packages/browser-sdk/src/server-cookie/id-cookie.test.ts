import { expect, it } from 'vitest';
import { idCookie } from './index.ts';

const options = { writeKey: 'wk_demo', domain: 'example.com' };
const REST = 'Domain=example.com; Path=/; Max-Age=34560000; SameSite=Lax; Secure';

it('sets the id again that the script has written', () => {
  const cookie = 'theme=dark; millrace_wk_demo=01a1fe61-2334-7446; millrace_wk_demo_x=2';
  expect(idCookie(cookie, options)).toBe(`millrace_wk_demo=01a1fe61-2334-7446; ${REST}`);
});

it('sets none where there is none, unless one is made', () => {
  for (const header of [undefined, null, '', 'a=1', 'millrace_wk_demo=']) {
    expect(idCookie(header, options)).toBeUndefined();
    expect(idCookie(header, { ...options, newId: () => 'new id' })).toBe(
      `millrace_wk_demo=new%20id; ${REST}`,
    );
  }
});

it.each(['a\r\nSet-Cookie: b=1', 'a, b', '"a"', 'é', 'x'.repeat(401)])(
  'gives nothing on of a value that no script of ours wrote: %j',
  (value) => {
    expect(idCookie(`millrace_wk_demo=${value}`, options)).toBeUndefined();
  },
);

it('is not marked as secure where there is no HTTPS', () => {
  expect(idCookie('millrace_wk_demo=a', { ...options, secure: false })).not.toContain('Secure');
});

it('names the option that cannot be used', () => {
  expect(() => idCookie('', { ...options, domain: 'example.com; HttpOnly' })).toThrow('"domain"');
  expect(() => idCookie('', { ...options, writeKey: 'a=b' })).toThrow('"writeKey"');
});
