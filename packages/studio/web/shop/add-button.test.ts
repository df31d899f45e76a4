import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { AddButton } from './add-button.tsx';
import { PRODUCTS } from './products.ts';
import type { Shop } from './use-shop.ts';

it.each(PRODUCTS)('the button of $name is named by what it shows, and by its product', (product) => {
  const html = renderToStaticMarkup(createElement(AddButton, { shop: {} as Shop, product }));
  const [, name = '', shown = ''] = /aria-label="([^"]*)".*>([^<]+)<\/button>/.exec(html) ?? [];
  expect(shown).toBe('Add to cart');
  expect(name).toBe(`${shown}: ${product.name}`);
});
