import { expect, it } from 'vitest';
import { createAnalytics } from './index.ts';

it('takes every call and does nothing where there is no page', async () => {
  const analytics = createAnalytics({ writeKey: 'wk', host: 'http://127.0.0.1:1' });
  analytics.track('a', { b: 1 });
  analytics.identify('u');
  analytics.page('home');
  analytics.group('g');
  analytics.alias('v');
  analytics.reset();
  analytics.on('delivered', () => {})();
  expect(await analytics.flush()).toBe(true);
  expect(analytics.losses()).toEqual({});
});

it('refuses bad options there too', () => {
  expect(() => createAnalytics({ writeKey: '', host: 'http://127.0.0.1:1' })).toThrow('writeKey must be');
});
