import { useCallback, useEffect, useRef, useState } from 'react';
import { type Cart, changeQuantity, linesOf, loadCart, saveCart, sumOf } from './cart.ts';
import { CURRENCY, findProduct, type Product } from './products.ts';
import { pathOf, type Route, routeOf } from './routes.ts';
import { createShopAnalytics } from './shop-analytics.ts';

const SHOP_NAME = 'Weir Mill Pantry';
const { analytics, problem } = createShopAnalytics();

/** Who orders. */
export interface Customer {
  name: string;
  email: string;
  city: string;
}

/** An order as the last page shows it. */
interface Order {
  id: string;
  value: number;
  customer: Customer;
}

/** The shop's state and everything a visitor can do; whatever is done is tracked. */
export interface Shop {
  route: Route;
  cart: Cart;
  order: Order | null;
  /** Why nothing is measured, or null. */
  problem: string | null;
  go(route: Route): void;
  add(product: Product): void;
  remove(product: Product): void;
  startCheckout(): void;
  placeOrder(customer: Customer): void;
  /** The visitor leaves, and comes back as someone else. */
  startOver(): void;
}

/** The one shop of the page. */
export function useShop(): Shop {
  const [route, setRoute] = useState<Route>(() => routeOf(location.pathname));
  const [cart, setCart] = useState<Cart>(loadCart);
  const [order, setOrder] = useState<Order | null>(null);
  const shown = useRef('');

  useEffect(() => saveCart(cart), [cart]);
  useEffect(() => {
    const onBack = () => setRoute(routeOf(location.pathname));
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, []);
  useEffect(() => {
    const path = pathOf(route);
    // An effect may run twice for one page; the visitor saw it once.
    if (shown.current === path) return;
    shown.current = path;
    showPage(route);
  }, [route]);

  const go = useCallback((next: Route) => {
    history.pushState(null, '', pathOf(next));
    setRoute(next);
    scrollTo(0, 0);
  }, []);

  return {
    route,
    cart,
    order,
    problem,
    go,
    add(product) {
      setCart((now) => changeQuantity(now, product.id, 1));
      analytics.track('add_to_cart', { ...describe(product), quantity: 1 });
    },
    remove(product) {
      setCart((now) => changeQuantity(now, product.id, -1));
      analytics.track('remove_from_cart', { ...describe(product), quantity: 1 });
    },
    startCheckout() {
      analytics.track('checkout_started', { ...sumOf(cart), currency: CURRENCY });
      go({ page: 'checkout' });
    },
    placeOrder(customer) {
      const { items, value } = sumOf(cart);
      const id = `WM-${Date.now().toString(36).toUpperCase().slice(-6)}`;
      analytics.identify(customer.email.split('@')[0] || customer.email, { ...customer });
      analytics.track('order_completed', {
        order_id: id,
        revenue: value,
        currency: CURRENCY,
        items,
        products: linesOf(cart).map((line) => ({ ...describe(line.product), quantity: line.quantity })),
      });
      setOrder({ id, value, customer });
      setCart({});
      go({ page: 'thanks' });
    },
    startOver() {
      analytics.reset();
      setCart({});
      setOrder(null);
      shown.current = '';
      go({ page: 'home' });
    },
  };
}

function showPage(route: Route): void {
  const product = route.page === 'product' ? findProduct(route.id) : undefined;
  const page = route.page === 'missing' ? 'not found' : route.page;
  const name = product?.name ?? page[0]?.toUpperCase() + page.slice(1);
  document.title = route.page === 'home' ? SHOP_NAME : `${name} · ${SHOP_NAME}`;
  analytics.page(name);
  if (product) analytics.track('product_viewed', describe(product));
}

function describe(product: Product) {
  const { id, name, category, price } = product;
  return { product_id: id, name, category, price, currency: CURRENCY };
}
