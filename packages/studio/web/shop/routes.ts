import { findProduct } from './products.ts';

/** The pages of the shop; `missing` is said where it has none. */
export type Route =
  | { page: 'home' }
  | { page: 'product'; id: string }
  | { page: 'cart' }
  | { page: 'checkout' }
  | { page: 'thanks' }
  | { page: 'missing'; path: string };

const ROOT = '/shop';

/** The page of a path within the shop. */
export function routeOf(path: string): Route {
  const [page, id, ...more] = path.slice(ROOT.length).split('/').filter(Boolean);
  if (page === undefined) return { page: 'home' };
  if (page === 'p' && id !== undefined && more.length === 0 && findProduct(id))
    return { page: 'product', id };
  const named = page === 'cart' || page === 'checkout' || page === 'thanks';
  return named && id === undefined ? { page } : { page: 'missing', path };
}

/** The path of a page. */
export function pathOf(route: Route): string {
  if (route.page === 'home') return ROOT;
  if (route.page === 'missing') return route.path;
  return route.page === 'product' ? `${ROOT}/p/${route.id}` : `${ROOT}/${route.page}`;
}
