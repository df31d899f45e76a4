import Link from 'next/link';
import type { CSSProperties } from 'react';
import { euros, PRODUCTS, type Product } from '@/lib/catalogue.ts';

/** All products as cards. */
export function Shelf() {
  return (
    <ul className="shelf">
      {PRODUCTS.map((product) => (
        <li key={product.slug} className="card">
          <Link href={`/products/${product.slug}`}>
            <Tin colour={product.colour} />
            <div className="text">
              <h2>{product.name}</h2>
              <div className="quiet">{product.taste}</div>
              <div>{euros(product.price)}</div>
            </div>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** What stands for a picture. */
export function Tin({ colour }: Pick<Product, 'colour'>) {
  return <div className="tin" style={{ '--tin': colour } as CSSProperties} aria-hidden="true" />;
}
