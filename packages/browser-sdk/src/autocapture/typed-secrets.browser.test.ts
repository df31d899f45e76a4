import { expect, it, onTestFinished } from 'vitest';
import { commands, page as tester, userEvent } from 'vitest/browser';
import { openSdkPage } from '../testing/sdk-page.ts';

const SECRET = 'zq7secret';

const FIELDS = ['text', 'password', 'email', 'search', 'tel', 'url'].map(
  (type) => `<label>${type}<input type="${type}" name="${type}" class="typed"></label>`,
);

it('sends no byte of what is typed, chosen or pasted', async () => {
  const host = await commands.startCollector();
  onTestFinished(() => commands.stopCollector(host));
  const page = await openSdkPage();
  onTestFinished(page.close);
  const { window } = page;
  const { document } = window;
  document.body.innerHTML = `<form id="form" action="/next" novalidate>${FIELDS.join('')}
    <textarea class="typed"></textarea>
    <div contenteditable class="typed">&nbsp;</div>
    <select><option>one<option value="${SECRET}">${SECRET}</select>
    <input type="radio" value="${SECRET}"><input type="checkbox" id="check" value="${SECRET}">
    <input type="submit" value="${SECRET}"><button type="button" id="button">Go</button></form>`;
  window.addEventListener('submit', (event) => event.preventDefault());

  const analytics = window.createAnalytics({ writeKey: `wk_${crypto.randomUUID()}`, host });
  const end = window.autocapture(analytics, { deadClickMs: 1 });
  const frame = tester.frameLocator(tester.elementLocator(document.defaultView!.frameElement as HTMLElement));
  const typed = [...document.querySelectorAll<HTMLInputElement>('.typed')];
  for (const [index, field] of typed.entries()) {
    field.dataset.testid = `typed-${index}`;
    await userEvent.click(frame.getByTestId(field.dataset.testid));
    await userEvent.keyboard(SECRET);
  }
  // The keys arrived where they were meant to, or nothing would be shown below.
  expect(typed.every((field) => (field.value ?? field.textContent ?? '').includes(SECRET))).toBe(true);

  document.querySelector('select')!.selectedIndex = 1;
  for (const element of document.querySelectorAll<HTMLElement>(
    'input, textarea, select, option, .typed, label',
  )) {
    for (let click = 0; click < 3; click++) element.click();
  }
  document.querySelector<HTMLElement>('#button')!.click();
  document.querySelector('form')!.requestSubmit();
  window.dispatchEvent(new window.Event('pagehide'));
  await analytics.flush();
  end();

  const { batches } = await commands.readCollector(host, 1);
  const json = batches.map((batch) => batch.json).join('\n');
  for (const name of ['$page_leave', '$click', '$form_submit', '"page"']) expect(json).toContain(name);
  expect(json).not.toContain(SECRET);
});
