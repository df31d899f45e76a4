import { describe, expect, it } from 'vitest';
import { type CapturedPage, only, openCapturedPage } from '../testing/captured-page.ts';

const RAGE = only({ rageClicks: true });

/** Clicks by mouse at these places, `betweenMs` apart by the events' own clock. */
function clickAt({ document, page }: CapturedPage, selector: string, xs: number[], betweenMs = 100): void {
  xs.forEach((clientX, index) => {
    const event = new page.window.MouseEvent('click', {
      bubbles: true,
      cancelable: true,
      composed: true,
      detail: 1,
      clientX,
    });
    Object.defineProperty(event, 'timeStamp', { value: 1000 + index * betweenMs });
    document.querySelector(selector)?.dispatchEvent(event);
  });
}

describe('rage clicks', () => {
  it('are three at one place within a second, told of once', async () => {
    const captured = await openCapturedPage('<button>Go</button>', RAGE);
    clickAt(captured, 'button', [10, 12, 14, 16, 18]);
    expect(captured.captured).toMatchObject([['$rage_click', { $tag: 'button', $text: 'Go' }]]);
  });

  it.each([
    ['slow', '<button>Go</button>', [10, 10, 10, 10], 600],
    ['far from each other', '<button>Go</button>', [10, 50, 10, 50], 100],
    ['only two', '<button>Go</button>', [10, 10], 100],
    ['in a text field', '<input>', [10, 10, 10], 100],
    ['ignored', '<button data-no-track>+</button>', [10, 10, 10], 100],
  ])('are none that are %s', async (_name, body, xs, betweenMs) => {
    const page = await openCapturedPage(body, RAGE);
    clickAt(page, 'body > *', xs, betweenMs);
    expect(page.captured).toEqual([]);
  });

  it('are none where they select a paragraph', async () => {
    const page = await openCapturedPage('<p>Some text</p>', RAGE);
    page.page.window.getSelection()?.selectAllChildren(page.document.querySelector('p')!);
    clickAt(page, 'p', [10, 10, 10]);
    expect(page.captured).toEqual([]);
  });
});

describe('a dead click', () => {
  const DEAD = only({ deadClicks: true, deadClickMs: 30, clicks: 'all' });

  /** What clicks on `#x` and then on `#last`, which is dead, make of dead clicks. */
  async function deadAfter(body: string, act: (page: CapturedPage) => void = () => {}) {
    const page = await openCapturedPage(`${body}<button id="last">L</button>`, DEAD);
    act(page);
    page.document.querySelector<HTMLElement>('#x')?.click();
    // Time goes by for both: what is dead is told of in the order of the clicks.
    await new Promise<void>((resolve) => {
      page.page.window.setTimeout(resolve, 60);
    });
    const told = page.next();
    page.document.querySelector<HTMLElement>('#last')?.click();
    await told;
    while (!page.of('$dead_click').some(({ $id }) => $id === 'last')) await page.next();
    return page.of('$dead_click').map(({ $id }) => $id);
  }

  it.each([
    ['a button without a handler', '<button id="x">Go</button>'],
    ['what has a hand for a cursor', '<div id="x" style="cursor: pointer">Go</div>'],
    ['a link to nowhere', '<a id="x" href="#">Go</a>'],
  ])('is one on %s', async (_name, body) => {
    expect(await deadAfter(body)).toEqual(['x', 'last']);
  });

  it.each([
    ['plain text', '<p id="x">Go</p>'],
    ['a link to elsewhere', '<a id="x" href="/elsewhere">Go</a>'],
    ['a field', '<input id="x" type="checkbox">'],
    ['what is ignored', '<div data-no-track><button id="x">Go</button></div>'],
    ['a label', '<label id="x" style="cursor: pointer">Name</label>'],
  ])('is none on %s', async (_name, body) => {
    expect(await deadAfter(body)).toEqual(['last']);
  });

  it.each<[string, (page: CapturedPage, later: (run: () => void) => void) => void]>([
    ['changes the page at once', ({ document }) => document.body.append('new')],
    [
      'changes an attribute later',
      ({ document }, later) => later(() => document.body.setAttribute('class', 'a')),
    ],
    ['changes the address', ({ page }) => page.window.history.pushState(null, '', '/sdk-page?a')],
    ['moves the focus', ({ document }) => document.querySelector<HTMLElement>('#field')?.focus()],
    ['scrolls', ({ page }) => page.window.scrollTo(0, 200)],
    ['opens a dialog', ({ document }) => document.querySelector('dialog')?.showModal()],
  ])('is none where the click %s', async (_name, effect) => {
    const body = `<button id="x">Go</button><input id="field"><dialog></dialog><div style="height: 3000px"></div>`;
    const ids = await deadAfter(body, (page) => {
      const later = (run: () => void) => void page.page.window.setTimeout(run, 10);
      const button = page.document.querySelector('#x')!;
      button.addEventListener('click', () => effect(page, later));
    });
    expect(ids).toEqual(['last']);
  });
});
