import { expect, it, onTestFinished } from 'vitest';
import { page as tester, userEvent } from 'vitest/browser';
import { openSdkPage } from '../testing/sdk-page.ts';

it('tracks each vital once it is final, once for a client', async () => {
  const page = await openSdkPage();
  onTestFinished(page.close);
  const { document } = page.window;
  const tracked: Record<string, unknown>[] = [];
  const client = {
    track(event: string, properties: object = {}) {
      tracked.push({ event, ...properties });
    },
  };
  page.window.webVitals(client);
  page.window.webVitals(client);
  document.body.innerHTML = '<h1 style="font-size: 80px">A large heading</h1>';
  const names = () => tracked.map(({ $name }) => $name);
  const until = (...wanted: string[]) =>
    expect.poll(names, { timeout: 10_000 }).toEqual(expect.arrayContaining(wanted));
  await until('FCP', 'TTFB');
  // A real one: the library trusts no other to end the largest paint.
  const frame = tester.frameLocator(tester.elementLocator(page.window.frameElement as HTMLElement));
  await userEvent.click(frame.getByRole('heading'));
  await until('LCP');
  Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  await until('CLS');

  // The browser measures a click that is over within a frame, or it does not.
  const certain = names().filter((name) => name !== 'INP');
  expect(certain.sort()).toEqual(['CLS', 'FCP', 'LCP', 'TTFB']);
  for (const vital of tracked) {
    expect(vital).toEqual({
      event: '$web_vital',
      $name: expect.any(String),
      $value: expect.any(Number),
      $rating: expect.stringMatching(/^(good|needs-improvement|poor)$/),
      $metric_id: expect.any(String),
      $navigation_type: 'navigate',
    });
  }
});
