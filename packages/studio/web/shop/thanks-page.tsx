import type { ReactElement } from 'react';
import { formatPrice } from './products.ts';
import { ShopLink } from './shop-link.tsx';
import type { Shop } from './use-shop.ts';

/** After an order. */
export function ThanksPage({ shop }: { shop: Shop }): ReactElement {
  const { order } = shop;
  return (
    <div className="plain thanks">
      <svg viewBox="0 0 48 48" aria-hidden="true">
        <circle cx="24" cy="24" r="21" />
        <path d="m15 25 6 6 12-14" />
      </svg>
      <h1>{order ? `Thank you, ${order.customer.name.split(' ')[0]}` : 'Thank you'}</h1>
      {order && (
        <p>
          Order {order.id} for {formatPrice(order.value)} is on its way to {order.customer.city}.
        </p>
      )}
      <ShopLink shop={shop} to={{ page: 'home' }} className="shop-button">
        Back to the shelves
      </ShopLink>
    </div>
  );
}
