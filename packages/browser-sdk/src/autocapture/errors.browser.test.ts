import { expect, it } from 'vitest';
import { only, openCapturedPage } from '../testing/captured-page.ts';

/** Runs code in a page of its own, and gives what `$error` says once it said something. */
async function fail(...programs: string[]) {
  const opened = await openCapturedPage('', only({ errors: true }));
  const { window } = opened.page;
  for (const program of [...programs, 'Promise.reject("the last")']) {
    // In the page's own realm, outside of any function of the test.
    const script = opened.document.createElement('script');
    script.textContent = `setTimeout(() => { ${program} })\n//# sourceURL=https://cdn.example/app.js?v=1`;
    opened.document.body.append(script);
  }
  while (opened.captured.at(-1)?.[1].$message !== 'the last') await opened.next();
  return { errors: opened.of('$error').slice(0, -1), window, captured: opened.captured };
}

it('an uncaught error says what and where, without what looks personal', async () => {
  const { errors } = await fail('throw new TypeError("no ada@example.com, 4111 1111 1111 1111")');
  expect(errors).toMatchObject([
    {
      $message: 'Uncaught TypeError: no ***, ***',
      $type: 'TypeError',
      $kind: 'error',
      $source: 'https://cdn.example/app.js',
      $line: 1,
      $column: expect.any(Number),
      $stack: expect.stringMatching(/app\.js:1:\d+/),
    },
  ]);
  expect(JSON.stringify(errors)).not.toMatch(/ada@|4111/);
});

it.each([
  [
    'an error',
    'Promise.reject(new RangeError("far"))',
    { $message: 'far', $type: 'RangeError', $kind: 'rejection' },
  ],
  ['a text', 'Promise.reject("late")', { $message: 'late', $type: 'string', $kind: 'rejection' }],
  ['nothing', 'Promise.reject()', { $message: 'undefined', $type: 'undefined', $kind: 'rejection' }],
])('an unhandled rejection with %s', async (_name, program, told) => {
  expect((await fail(program)).errors).toMatchObject([told]);
});

it('the same error again is one', async () => {
  const { errors } = await fail(
    'for (const delay of [0, 0, 0]) setTimeout(() => { throw new Error("same") }, delay)',
  );
  expect(errors).toHaveLength(1);
});

it('a page that fails on and on has told of twenty errors', async () => {
  const opened = await openCapturedPage('', only({ errors: true }));
  const { window } = opened.page;
  for (let index = 0; index < 30; index++) {
    window.dispatchEvent(new window.ErrorEvent('error', { message: `failure ${index}` }));
  }
  expect(opened.of('$error').map(({ $message }) => $message)).toHaveLength(20);
});

it('tells of no error that says nothing', async () => {
  const opened = await openCapturedPage('', only({ errors: true }));
  const { window } = opened.page;
  for (const message of ['Script error.', 'ResizeObserver loop completed with undelivered notifications.']) {
    window.dispatchEvent(new window.ErrorEvent('error', { message }));
  }
  expect(opened.captured).toEqual([]);
});

it('does not tell of a picture that does not load, nor of what is caught', async () => {
  const { errors } = await fail(
    'document.body.append(Object.assign(new Image(), { src: "data:image/png,none" }))',
    'try { throw new Error("caught") } catch {}',
  );
  expect(errors).toEqual([]);
});
