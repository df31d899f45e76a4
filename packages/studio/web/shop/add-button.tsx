import { type ReactElement, useEffect, useState } from 'react';
import type { Product } from './products.ts';
import type { Shop } from './use-shop.ts';

const SHOWN_MS = 900;

/** Puts one piece into the cart. */
export function AddButton({ shop, product }: { shop: Shop; product: Product }): ReactElement {
  const [added, setAdded] = useState(0);
  useEffect(() => {
    if (added === 0) return;
    const timer = setTimeout(() => setAdded(0), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [added]);

  const label = added > 0 ? 'Added' : 'Add to cart';
  return (
    <button
      type="button"
      className="shop-button"
      data-testid="add-to-cart"
      data-product={product.id}
      aria-label={`${label}: ${product.name}`}
      onClick={() => {
        shop.add(product);
        setAdded((count) => count + 1);
      }}
    >
      {label}
    </button>
  );
}
