import type { ReactElement } from 'react';
import { AddButton } from './add-button.tsx';
import { ProductArt } from './product-art.tsx';
import { formatPrice, type Product } from './products.ts';
import { ShopLink } from './shop-link.tsx';
import type { Shop } from './use-shop.ts';

/** One product. */
export function ProductPage({ shop, product }: { shop: Shop; product: Product }): ReactElement {
  return (
    <article className="product">
      <ShopLink shop={shop} to={{ page: 'home' }} className="back">
        All products
      </ShopLink>
      <div className="product-picture">
        <ProductArt id={product.id} />
      </div>
      <div className="product-text">
        <h1>{product.name}</h1>
        <p className="shelf-detail">{product.detail}</p>
        <p>{product.text}</p>
        <div className="shelf-buy">
          <span className="price">{formatPrice(product.price)}</span>
          <AddButton shop={shop} product={product} />
        </div>
      </div>
    </article>
  );
}
