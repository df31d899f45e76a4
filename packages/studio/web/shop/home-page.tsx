import type { ReactElement } from 'react';
import { AddButton } from './add-button.tsx';
import { ProductArt } from './product-art.tsx';
import { formatPrice, PRODUCTS } from './products.ts';
import { ShopLink } from './shop-link.tsx';
import type { Shop } from './use-shop.ts';

/** All products. */
export function HomePage({ shop }: { shop: Shop }): ReactElement {
  return (
    <>
      <div className="shop-hero">
        <h1>Flour, bread, and what it takes</h1>
        <p>Ground by water since 1782.</p>
      </div>
      <ul className="shelf">
        {PRODUCTS.map((product) => (
          <li key={product.id} className="shelf-item">
            <ShopLink shop={shop} to={{ page: 'product', id: product.id }} testId={`product-${product.id}`}>
              <ProductArt id={product.id} />
              <span className="shelf-name">{product.name}</span>
              <span className="shelf-detail">{product.detail}</span>
            </ShopLink>
            <div className="shelf-buy">
              <span className="price">{formatPrice(product.price)}</span>
              <AddButton shop={shop} product={product} />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
