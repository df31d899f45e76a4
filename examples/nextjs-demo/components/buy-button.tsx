'use client';

import { useFlag, useTrack } from '@millrace/browser-sdk/react';
import { useState, useTransition } from 'react';
import { addToCart } from '@/app/cart/actions.ts';

/** Puts a product into the cart; what it says is a flag that an experiment decides. */
export function BuyButton({ slug, price }: { slug: string; price: number }) {
  const label = useFlag('buy_label', 'Add to cart');
  const track = useTrack();
  const [isPending, start] = useTransition();
  const [added, setAdded] = useState(0);
  const buy = () => {
    track('Product Added', { product: slug, price: price / 100 });
    start(async () => {
      await addToCart(slug);
      setAdded((before) => before + 1);
    });
  };
  return (
    <p>
      <button type="button" onClick={buy} disabled={isPending}>
        {label}
      </button>{' '}
      <span className="quiet" role="status">
        {added > 0 ? `${added} in the cart` : ''}
      </span>
    </p>
  );
}
