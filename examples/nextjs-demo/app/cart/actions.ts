'use server';

import { redirect } from 'next/navigation';
import { readCart, totalOf, writeCart } from '@/lib/cart.ts';
import { productOf } from '@/lib/catalogue.ts';
import { serverAnalytics } from '@/lib/server-analytics.ts';
import { mayMeasure, visitorScope } from '@/lib/visitor.ts';

/** Puts one more of a product into the cart. */
export async function addToCart(slug: string): Promise<void> {
  const product = productOf(slug);
  if (!product) return;
  const cart = await readCart();
  const entry = cart.find((one) => one.product === product);
  if (entry) entry.quantity++;
  else cart.push({ product, quantity: 1 });
  await writeCart(cart);
}

/** Orders what is in the cart. The event is the server's: nothing in a browser keeps it from coming. */
export async function placeOrder(): Promise<void> {
  const cart = await readCart();
  if (cart.length === 0) redirect('/cart');
  const order = crypto.randomUUID();
  if (await mayMeasure()) {
    const revenue = totalOf(cart) / 100;
    const products = cart.map(({ product }) => product.slug);
    serverAnalytics()
      .for(await visitorScope())
      .track('Order Completed', { order, products, revenue, currency: 'EUR' });
  }
  await writeCart([]);
  redirect(`/thanks?order=${order}`);
}
