import { cookies } from 'next/headers';
import { type Product, productOf } from './catalogue.ts';

const COOKIE = 'cart';
const MAX_OF_ONE = 20;

/** Products of the cart and how many of each. */
export type Cart = { product: Product; quantity: number }[];

/** What is in the visitor's cart; whatever the cookie says that the shop does not sell is left out. */
export async function readCart(): Promise<Cart> {
  const text = (await cookies()).get(COOKIE)?.value ?? '';
  return text.split('.').flatMap((entry) => {
    const [slug = '', count = ''] = entry.split('*');
    const product = productOf(slug);
    const quantity = Math.min(MAX_OF_ONE, Math.trunc(Number(count)));
    return product && quantity > 0 ? [{ product, quantity }] : [];
  });
}

/** Writes the cart; in server actions only. */
export async function writeCart(cart: Cart): Promise<void> {
  const text = cart.map(({ product, quantity }) => `${product.slug}*${quantity}`).join('.');
  (await cookies()).set(COOKIE, text, { httpOnly: true, sameSite: 'lax', path: '/' });
}

/** What the cart costs, in cents. */
export function totalOf(cart: Cart): number {
  return cart.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);
}
