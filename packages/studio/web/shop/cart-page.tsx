import type { ReactElement } from 'react';
import { linesOf, sumOf } from './cart.ts';
import { ProductArt } from './product-art.tsx';
import { formatPrice } from './products.ts';
import { ShopLink } from './shop-link.tsx';
import type { Shop } from './use-shop.ts';

/** What lies in the cart. */
export function CartPage({ shop }: { shop: Shop }): ReactElement {
  const lines = linesOf(shop.cart);
  if (lines.length === 0) {
    return (
      <div className="plain">
        <h1>Your cart is empty</h1>
        <ShopLink shop={shop} to={{ page: 'home' }} className="shop-button">
          To the shelves
        </ShopLink>
      </div>
    );
  }
  return (
    <div className="plain">
      <h1>Your cart</h1>
      <ul className="cart-lines">
        {lines.map(({ product, quantity }) => (
          <li key={product.id}>
            <ProductArt id={product.id} />
            <span className="cart-name">
              {product.name}
              <small>{formatPrice(product.price * quantity)}</small>
            </span>
            <span className="quantity">
              <button
                type="button"
                aria-label={`One ${product.name} less`}
                onClick={() => shop.remove(product)}
              >
                −
              </button>
              {quantity}
              <button type="button" aria-label={`One ${product.name} more`} onClick={() => shop.add(product)}>
                +
              </button>
            </span>
          </li>
        ))}
      </ul>
      <p className="cart-sum">
        Total <b data-testid="cart-value">{formatPrice(sumOf(shop.cart).value)}</b>
      </p>
      <button type="button" className="shop-button wide" onClick={shop.startCheckout} data-testid="checkout">
        To the checkout
      </button>
    </div>
  );
}
