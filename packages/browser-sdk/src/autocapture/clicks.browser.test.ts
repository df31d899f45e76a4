import { describe, expect, it } from 'vitest';
import { only, openCapturedPage } from '../testing/captured-page.ts';
import type { AutocaptureOptions } from './options.ts';

const ALL = only({ clicks: 'all', outbound: true, downloads: true });

/** What a click on the element with `id="x"` makes. */
async function clickOn(body: string, options: AutocaptureOptions = ALL) {
  const { document, captured } = await openCapturedPage(body, options);
  document.querySelector<HTMLElement>('#x')?.click();
  return captured;
}

describe('a click', () => {
  it('on a button says what it is, and how the page calls it', async () => {
    const body = `<main><div class="row wide"><button id="x" name="go" class="primary">Pay
      <b>now</b></button></div></main>`;
    const told = { $tag: 'button', $id: 'x', $name: 'go', $selector: 'button#x', $text: 'Pay now' };
    expect(await clickOn(body)).toEqual([['$click', told]]);
  });

  it('on something within a link is one on the link', async () => {
    const captured = await clickOn(
      '<nav><a class="a b" href="/next?token=s3cret#part"><i id="x">Next</i></a></nav>',
    );
    expect(captured).toEqual([
      [
        '$click',
        {
          $tag: 'a',
          $selector: 'body > nav > a.a.b',
          $href: `${location.origin}/next`,
          $text: 'Next',
        },
      ],
    ]);
  });

  it.each([
    [
      '$outbound_click',
      '<a id="x" href="https://elsewhere.example/a?b=c">E</a>',
      'https://elsewhere.example/a',
    ],
    [
      '$download',
      '<a id="x" href="/files/Price%20List.PDF?v=2">P</a>',
      `${location.origin}/files/Price%20List.PDF`,
    ],
    ['$download', '<a id="x" href="/export" download>P</a>', `${location.origin}/export`],
    [
      '$download',
      '<a id="x" href="https://elsewhere.example/a.zip">P</a>',
      'https://elsewhere.example/a.zip',
    ],
    ['$click', '<a id="x" href="mailto:ada@example.com">Write</a>', 'mailto:'],
    ['$click', '<a id="x" href="https://u:p@elsewhere.example/a">Auth</a>', undefined],
  ])('is %s for %s', async (name, body, href) => {
    const options = href === undefined ? only({ clicks: 'all' }) : ALL;
    const [event] = await clickOn(body, options);
    expect(event).toMatchObject([name, { $href: href ?? 'https://elsewhere.example/a' }]);
  });

  it('has the name and the properties that the page gives it', async () => {
    const body = `<div data-track="Plan Chosen" data-track-plan="pro" data-track-billing-cycle="year">
      <span id="x">Pro</span></div>`;
    for (const clicks of ['all', 'marked'] as const) {
      expect(await clickOn(body, only({ clicks }))).toMatchObject([
        ['Plan Chosen', { plan: 'pro', billing_cycle: 'year', $tag: 'div', $text: 'Pro' }],
      ]);
    }
  });

  it('is none where it is not marked, and only marked ones are wanted', async () => {
    expect(await clickOn('<button id="x">Go</button>', only({ clicks: 'marked' }))).toEqual([]);
  });

  it('is followed into an open shadow root', async () => {
    const { document, captured } = await openCapturedPage('<x-shop></x-shop>', ALL);
    const root = document.querySelector('x-shop')!.attachShadow({ mode: 'open' });
    root.innerHTML = '<button>Buy</button>';
    root.querySelector('button')!.click();
    expect(captured).toMatchObject([['$click', { $tag: 'button', $text: 'Buy' }]]);
  });

  it('counts with the middle button on a link, and not elsewhere', async () => {
    const { document, captured, page } = await openCapturedPage('<a href="/a">A</a><button>B</button>', ALL);
    for (const element of document.body.children) {
      const event = new page.window.MouseEvent('auxclick', { button: 1, bubbles: true, cancelable: true });
      element.dispatchEvent(event);
    }
    expect(captured.map(([, { $tag }]) => $tag)).toEqual(['a']);
  });

  it('is seen though the page stops it', async () => {
    const { document, captured } = await openCapturedPage('<button>B</button>', ALL);
    const button = document.querySelector('button')!;
    button.addEventListener('click', (event) => event.stopImmediatePropagation());
    button.click();
    expect(captured).toHaveLength(1);
  });

  it('stops at the end', async () => {
    const { document, captured, start } = await openCapturedPage('<button>B</button>');
    start(ALL)();
    document.querySelector('button')!.click();
    expect(captured).toEqual([]);
  });
});

describe('what is not told', () => {
  it.each([
    ['a text field', '<input id="x" value="s3cret">'],
    ['a choice', '<input type="radio" id="x" value="s3cret">'],
    ['plain text', '<p id="x">Hello</p>'],
    ['what is ignored', '<section data-no-track><button id="x">Go</button></section>'],
  ])('%s', async (_name, body) => {
    expect(await clickOn(body)).toEqual([]);
  });

  it('what a selector of the page ignores', async () => {
    const body = '<div class="private"><button id="x">Go</button></div>';
    expect(await clickOn(body, { ...ALL, ignore: '.private' })).toEqual([]);
  });

  it.each([
    [
      'an ancestor',
      '<ul data-mask id="s3cret"><li><button id="x" name="s3cret" data-track-a="s3cret">s3cret</button></ul>',
    ],
    ['itself', '<a data-mask id="x" href="/s3cret">s3cret</a>'],
    ['a selector', '<button class="hush" id="x">s3cret</button>'],
  ])('anything but the tag, masked by %s', async (_name, body) => {
    const captured = await clickOn(body, { ...ALL, mask: '.hush' });
    expect(captured).toHaveLength(1);
    expect(captured[0]).toEqual(['$click', { $tag: expect.stringMatching(/^(button|a)$/) }]);
  });

  it.each([
    '<button id="x">Pay <span data-mask>s3cret</span></button>',
    '<button id="x">Pay <input value="s3cret"><textarea>s3cret</textarea><script>s3cret</script></button>',
    '<button id="x">Pay <select><option>s3cret</select></button>',
    '<div role="button" id="x">Pay <p contenteditable>s3cret</p></div>',
  ])('parts of a text: %s', async (body) => {
    expect(await clickOn(body)).toMatchObject([['$click', { $text: 'Pay' }]]);
  });

  it('text within what is edited, or at all if so wanted', async () => {
    const edited = '<div contenteditable><button id="x">s3cret</button></div>';
    expect((await clickOn(edited))[0]?.[1]).not.toHaveProperty('$text');
    const [event] = await clickOn('<button id="x" aria-label="s3cret">s3cret</button>', {
      ...ALL,
      text: false,
    });
    expect(JSON.stringify(event)).not.toContain('s3cret');
  });

  it('addresses of mail, card and telephone numbers', async () => {
    const body = '<button id="x">ada@example.com 4111 1111 1111 1111 +49 (30) 901820 order 123456</button>';
    expect(await clickOn(body)).toMatchObject([['$click', { $text: '*** *** +*** order 123456' }]]);
  });
});

it('refuses a selector that is none, and says which', async () => {
  const { start } = await openCapturedPage();
  expect(() => start({ mask: 'a[' })).toThrow('autocapture: "mask" must be a CSS selector');
});
