import { expect, it } from 'vitest';
import { only, openCapturedPage } from '../testing/captured-page.ts';

async function submit(body: string, forms: 'all' | 'marked' = 'all') {
  const { document, captured } = await openCapturedPage(body, only({ forms }));
  document.querySelector('form')?.requestSubmit();
  return captured;
}

it('a submitted form says which it is, and nothing of its fields', async () => {
  const body = `<form id="signup" name="signup" action="/join?invite=s3cret" method="POST">
    <input name="email" value="s3cret@example.com"><textarea name="why">s3cret</textarea></form>`;
  expect(await submit(body)).toEqual([
    [
      '$form_submit',
      {
        $tag: 'form',
        $id: 'signup',
        $name: 'signup',
        $selector: 'form#signup',
        $action: `${location.origin}/join`,
      },
    ],
  ]);
});

it("is not fooled by fields that take the place of the form's own properties", async () => {
  const body = `<form id="f" action="/a"><input name="id" value="s3cret"><input name="action" value="s3cret">
    <input name="name" value="s3cret"><input name="method" value="s3cret"></form>`;
  const captured = await submit(body);
  expect(captured).toMatchObject([['$form_submit', { $id: 'f', $action: `${location.origin}/a` }]]);
  expect(JSON.stringify(captured)).not.toContain('s3cret');
});

it('has the name and the properties that the page gives it', async () => {
  const body = '<form data-track="Signed Up" data-track-plan="pro"></form>';
  for (const forms of ['all', 'marked'] as const) {
    expect(await submit(body, forms)).toMatchObject([['Signed Up', { plan: 'pro' }]]);
  }
});

it.each([
  ['unmarked, where only marked ones are wanted', '<form></form>', 'marked'],
  ['ignored', '<form data-no-track></form>', 'all'],
  ['not valid', '<form><input required></form>', 'all'],
] as const)('tells of no form that is %s', async (_name, body, forms) => {
  expect(await submit(body, forms)).toEqual([]);
});

it('tells of a masked form only that it was one', async () => {
  expect(await submit('<form data-mask id="s3cret" action="/s3cret"></form>')).toEqual([
    ['$form_submit', { $tag: 'form' }],
  ]);
});
