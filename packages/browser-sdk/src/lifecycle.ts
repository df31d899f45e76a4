/** What a page goes through. */
export interface LifecycleHandlers {
  /** The page is hidden or left; there may be no later moment. */
  onHide(): void;
  /** The page is seen again, from another tab or from the back/forward cache. */
  onShow(): void;
  /** The browser has a network again. */
  onOnline(): void;
}

/** Calls the handlers for as long as the page lives. */
export function watchLifecycle({ onHide, onShow, onOnline }: LifecycleHandlers): void {
  addEventListener('pagehide', onHide);
  addEventListener('pageshow', (event) => event.persisted && onShow());
  addEventListener('online', onOnline);
  document.addEventListener('visibilitychange', () =>
    document.visibilityState === 'hidden' ? onHide() : onShow(),
  );
}
