import { findProduct, type Product } from './products.ts';

/** One line of the cart. */
export interface CartLine {
  product: Product;
  quantity: number;
}

/** What lies in the cart: quantities by product id. */
export type Cart = Readonly<Record<string, number>>;

const CART_ITEM = 'weir-mill-cart';

/** The cart with `by` more (or fewer) of a product; never below none. */
export function changeQuantity(cart: Cart, productId: string, by: number): Cart {
  const quantity = Math.max(0, (cart[productId] ?? 0) + by);
  const { [productId]: _, ...others } = cart;
  return quantity > 0 ? { ...cart, [productId]: quantity } : others;
}

/** The lines of a cart, in the order in which they were put there. */
export function linesOf(cart: Cart): CartLine[] {
  return Object.entries(cart).flatMap(([id, quantity]) => {
    const product = findProduct(id);
    return product ? [{ product, quantity }] : [];
  });
}

/** How many pieces, and what they cost in euros to the cent. */
export function sumOf(cart: Cart): { items: number; value: number } {
  const lines = linesOf(cart);
  const items = lines.reduce((sum, line) => sum + line.quantity, 0);
  const cents = lines.reduce((sum, line) => sum + Math.round(line.product.price * 100) * line.quantity, 0);
  return { items, value: cents / 100 };
}

/** The cart of this tab, empty if there is none. */
export function loadCart(): Cart {
  try {
    return JSON.parse(sessionStorage.getItem(CART_ITEM) ?? '{}') as Cart;
  } catch {
    return {};
  }
}

/** Keeps the cart while the tab is open. */
export function saveCart(cart: Cart): void {
  try {
    sessionStorage.setItem(CART_ITEM, JSON.stringify(cart));
  } catch {
    // Storage is blocked: the cart lasts as long as the page.
  }
}
