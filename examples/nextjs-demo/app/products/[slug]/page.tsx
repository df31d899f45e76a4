import { notFound } from 'next/navigation';
import { BuyButton } from '@/components/buy-button.tsx';
import { Tin } from '@/components/shelf.tsx';
import { euros, productOf } from '@/lib/catalogue.ts';

export default async function ProductPage({ params }: { params: Promise<{ slug: string }> }) {
  const product = productOf((await params).slug);
  if (!product) notFound();
  return (
    <article className="product">
      <Tin colour={product.colour} />
      <div>
        <h1>{product.name}</h1>
        <p className="quiet">{product.taste}</p>
        <p>{product.story}</p>
        <p>
          <strong>{euros(product.price)}</strong> <span className="quiet">for 100 g</span>
        </p>
        <BuyButton slug={product.slug} price={product.price} />
      </div>
    </article>
  );
}
