import type { MouseEvent, ReactElement, ReactNode } from 'react';
import { pathOf, type Route } from './routes.ts';
import type { Shop } from './use-shop.ts';

interface ShopLinkProps {
  shop: Shop;
  to: Route;
  className?: string;
  testId?: string;
  children: ReactNode;
}

/** A link within the shop: a real address that does not load the page anew. */
export function ShopLink({ shop, to, className, testId, children }: ShopLinkProps): ReactElement {
  function follow(event: MouseEvent) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    shop.go(to);
  }
  return (
    <a href={pathOf(to)} className={className} onClick={follow} data-testid={testId}>
      {children}
    </a>
  );
}
