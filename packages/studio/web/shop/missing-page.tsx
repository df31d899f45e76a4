import type { ReactElement } from 'react';
import { ShopLink } from './shop-link.tsx';
import type { Shop } from './use-shop.ts';

/** Where the shop has no page. */
export function MissingPage({ shop }: { shop: Shop }): ReactElement {
  return (
    <div className="plain">
      <h1>Not found</h1>
      <p>The shop has no page at this address.</p>
      <ShopLink shop={shop} to={{ page: 'home' }} className="shop-button">
        To the shelves
      </ShopLink>
    </div>
  );
}
