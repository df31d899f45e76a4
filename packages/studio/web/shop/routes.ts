/** The pages of the shop. */
export type Route =
  | { page: 'home' }
  | { page: 'product'; id: string }
  | { page: 'cart' }
  | { page: 'checkout' }
  | { page: 'thanks' };

const ROOT = '/shop';

/** The page of a path; what is not known is the first page. */
export function routeOf(path: string): Route {
  const [page, id] = path.slice(ROOT.length).split('/').filter(Boolean);
  if (page === 'p' && id) return { page: 'product', id };
  if (page === 'cart' || page === 'checkout' || page === 'thanks') return { page };
  return { page: 'home' };
}

/** The path of a page. */
export function pathOf(route: Route): string {
  if (route.page === 'home') return ROOT;
  return route.page === 'product' ? `${ROOT}/p/${route.id}` : `${ROOT}/${route.page}`;
}
