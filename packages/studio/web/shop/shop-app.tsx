import type { ReactElement } from 'react';
import { sumOf } from './cart.ts';
import { CartPage } from './cart-page.tsx';
import { CheckoutPage } from './checkout-page.tsx';
import { HomePage } from './home-page.tsx';
import { MissingPage } from './missing-page.tsx';
import { ProductPage } from './product-page.tsx';
import { findProduct } from './products.ts';
import './shop-theme.css';
import './shop-app.css';
import './shelf.css';
import './plain-page.css';
import { ShopLink } from './shop-link.tsx';
import { ThanksPage } from './thanks-page.tsx';
import { type Shop, useShop } from './use-shop.ts';

/** The demo shop. */
export function ShopApp(): ReactElement {
  const shop = useShop();
  const { items } = sumOf(shop.cart);
  return (
    <div className="shop">
      <header className="shop-header">
        <ShopLink shop={shop} to={{ page: 'home' }} className="shop-name">
          <span>Weir Mill</span> Pantry
        </ShopLink>
        <ShopLink shop={shop} to={{ page: 'cart' }} className="shop-cart" testId="open-cart">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M5 8h14l-1.3 11H6.300zM9 8V6.500a3 3 0 0 1 6 0V8" />
          </svg>
          Cart
          {items > 0 && (
            <b key={items} data-testid="cart-count">
              {items}
            </b>
          )}
        </ShopLink>
      </header>
      <main className="shop-main">{pageOf(shop)}</main>
      <footer className="shop-footer">
        {shop.problem ? (
          <p role="alert">Nothing is measured here: {shop.problem}.</p>
        ) : (
          <p>A demo. Nothing is sold, everything is measured.</p>
        )}
        <button type="button" onClick={shop.startOver} data-testid="start-over">
          Come back as someone else
        </button>
      </footer>
    </div>
  );
}

function pageOf(shop: Shop): ReactElement {
  const { route } = shop;
  switch (route.page) {
    case 'product': {
      const product = findProduct(route.id);
      return product ? <ProductPage shop={shop} product={product} /> : <MissingPage shop={shop} />;
    }
    case 'missing':
      return <MissingPage shop={shop} />;
    case 'cart':
      return <CartPage shop={shop} />;
    case 'checkout':
      return <CheckoutPage shop={shop} />;
    case 'thanks':
      return <ThanksPage shop={shop} />;
    default:
      return <HomePage shop={shop} />;
  }
}
