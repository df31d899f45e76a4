import { expect, it } from 'vitest';
import { only, openCapturedPage } from '../testing/captured-page.ts';

/** A page whose time stands still but for `pass`. */
async function open(body = '', options = only({ pageLeave: true, idleMs: 30_000 })) {
  const opened = await openCapturedPage(body);
  const { window } = opened.page;
  let now = 0;
  window.performance.now = () => now;
  const end = opened.start(options);
  const show = (state: 'visible' | 'hidden') => {
    Object.defineProperty(opened.document, 'visibilityState', { value: state, configurable: true });
    if (state === 'hidden') opened.hide();
    opened.document.dispatchEvent(new Event('visibilitychange'));
  };
  return {
    ...opened,
    end,
    show,
    pass: (ms: number) => {
      now += ms;
    },
    move: () => window.dispatchEvent(new window.PointerEvent('pointermove')),
    leaves: () => opened.of('$page_leave'),
    engaged: () => opened.of('$page_leave').map(({ $engaged_ms }) => $engaged_ms),
  };
}

it('says for how long the page was looked at, and which it was', async () => {
  const { pass, hide, leaves, page } = await open();
  pass(12_345);
  hide();
  const { href } = page.window.location;
  expect(leaves()).toEqual([{ $engaged_ms: 12_345, $scroll_depth: 100, $path: '/sdk-page', $url: href }]);
});

it('counts a while after each sign of life, not a page that is left standing', async () => {
  const { pass, move, hide, engaged } = await open();
  pass(20_000);
  move();
  pass(3_600_000);
  move();
  pass(5000);
  hide();
  expect(engaged()).toEqual([20_000 + 30_000 + 5000]);
});

it('does not count while the page is out of sight, and tells what is added when it is left again', async () => {
  const { pass, show, move, engaged } = await open();
  pass(1000);
  show('hidden');
  pass(500);
  move();
  pass(500);
  show('visible');
  pass(2000);
  show('hidden');
  expect(engaged()).toEqual([1000, 2000]);
});

it('tells once of a page that is hidden and then unloaded', async () => {
  const { pass, show, hide, engaged } = await open();
  pass(1000);
  show('hidden');
  pass(7);
  hide();
  expect(engaged()).toEqual([1000]);
});

it('tells the lowest part that was seen, though it was scrolled back', async () => {
  const { document, page, hide, leaves } = await open('<div style="height: 10000px"></div>');
  const { window } = page;
  const scrolled = (top: number) =>
    new Promise<void>((resolve) => {
      document.addEventListener('scroll', () => resolve(), { once: true });
      window.scrollTo(0, top);
    });
  await scrolled(4000);
  await scrolled(0);
  hide();
  const [{ $scroll_depth } = {}] = leaves();
  const expected = ((4000 + window.innerHeight) / document.documentElement.scrollHeight) * 100;
  expect($scroll_depth).toBe(Math.round(expected));
});

it('comes before the next page view of an application, while the address is the old one', async () => {
  const { captured, client, page, pass } = await open('', only({ pageLeave: true, pageViews: true }));
  const addresses: string[] = [];
  const { track } = client;
  client.track = (...event) => {
    addresses.push(page.window.location.pathname);
    track(...event);
  };
  pass(3000);
  page.window.history.pushState(null, '', '/a');
  // A machine that is slow at that moment.
  pass(2);
  await Promise.resolve();
  pass(4000);
  page.window.history.pushState(null, '', '/b');
  await Promise.resolve();
  expect(captured.map(([name, { $path, $engaged_ms }]) => [name, $path, $engaged_ms])).toEqual([
    ['page', undefined, undefined],
    ['$page_leave', '/sdk-page', 3000],
    ['page', undefined, undefined],
    ['$page_leave', '/a', 4000],
    ['page', undefined, undefined],
  ]);
  expect(addresses[0]).toBe('/sdk-page');
});

it('tells the page that was left after the back button', async () => {
  const { captured, page, next } = await open('', only({ pageLeave: true, pageViews: true }));
  page.window.history.pushState(null, '', '/a');
  await Promise.resolve();
  const told = next();
  page.window.history.back();
  await told;
  expect(captured.at(-2)).toMatchObject(['$page_leave', { $path: '/a' }]);
  expect(captured.at(-1)).toMatchObject(['page', { $previous_path: '/a' }]);
});

it('ends', async () => {
  const { end, hide, leaves } = await open();
  end();
  hide();
  expect(leaves()).toEqual([]);
});
