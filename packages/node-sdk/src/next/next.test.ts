import { expect, it } from 'vitest';
import { createAnalytics } from '../edge.ts';
import { definitions } from '../testing/sample-definitions.ts';
import { scopeOfHeaders, visitorOf } from './index.ts';

const options = { writeKey: 'wk' };
const request = (cookie?: string) => ({ headers: new Headers(cookie ? { cookie } : {}) });
const cookiesOf = (answer: Response): string[] => answer.headers.getSetCookie();

it('gives a new visitor an id that the page which is rendered sees already', () => {
  const visitor = visitorOf(request('theme=dark'), options);
  expect(visitor.anonymousId).toMatch(/^[\da-f-]{36}$/);
  expect(scopeOfHeaders(visitor.headers, options).anonymousId).toBe(visitor.anonymousId);
  const [cookie, ...others] = cookiesOf(visitor.keep(new Response()));
  expect(others).toEqual([]);
  expect(cookie).toBe(`millrace_wk=${visitor.anonymousId}; Path=/; Max-Age=34560000; SameSite=Lax; Secure`);
  const again = visitorOf(request(cookie?.split(';')[0]), options);
  expect(again.anonymousId).toBe(visitor.anonymousId);
  expect(cookiesOf(again.keep(new Response()))).toEqual([]);
});

it('knows the id that the browser SDK has written, and prolongs it on the domain that is named', () => {
  const visitor = visitorOf(request('millrace_wk=an%20id:1767225600000'), {
    ...options,
    domain: 'example.com',
  });
  expect(visitor.anonymousId).toBe('an id');
  expect(cookiesOf(visitor.keep(new Response()))).toEqual([
    'millrace_wk=an%20id; Path=/; Max-Age=34560000; SameSite=Lax; Domain=example.com; Secure',
  ]);
});

it('makes a scope of the headers, with what the visitor was given before', async () => {
  const own = definitions(1);
  own.experiments.sticky = {
    ...own.experiments.sticky,
    phases: own.experiments.sticky?.phases.map((phase) => ({
      ...phase,
      variants: [
        { start: 0, end: 1, variant: 'first' },
        { start: 1, end: 10_000, variant: 'one_page' },
      ],
    })),
  } as never;
  const analytics = createAnalytics({
    writeKey: 'sk',
    host: 'http://127.0.0.1:1',
    variants: { bootstrap: own },
  });
  const set: string[] = [];
  const answer = (cookie: string) => {
    const headers = new Headers({ cookie, 'user-agent': 'browser', 'accept-language': 'de-CH,de' });
    const scope = scopeOfHeaders(headers, { ...options, setCookie: (value) => set.push(value) });
    expect(scope.context).toEqual({ userAgent: 'browser', locale: 'de-CH' });
    return analytics.for(scope).getVariant('sticky');
  };
  expect(answer('millrace_wk=a')).toBe('one_page');
  expect(set).toHaveLength(1);
  const kept = (set[0] as string).split(';')[0]?.replace('one_page', 'first');
  expect(answer(`millrace_wk=a; ${kept}`)).toBe('first');
  expect(set).toHaveLength(1);
  await analytics.close({ timeoutMs: 0 });
});
