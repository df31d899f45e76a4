/** What a page goes through. */
export interface LifecycleHandlers {
  /** The page is hidden or left (`isFirst`: it was seen until now); there may be no later moment. */
  onHide(isFirst: boolean): void;
  /** The page is seen again, from another tab or from the back/forward cache. */
  onShow(): void;
  /** The browser has a network again. */
  onOnline(): void;
}

/** Calls the handlers for as long as the page lives. */
export function watchLifecycle({ onHide, onShow, onOnline }: LifecycleHandlers): void {
  let { hidden } = document;
  const look = ({ type }: Event) => {
    const wasHidden = hidden;
    hidden = /hide|freeze/.test(type) || document.hidden;
    if (hidden) onHide(!wasHidden);
    else if (wasHidden) onShow();
  };
  // Captured, because some of them go to the document and do not bubble.
  for (const type of ['visibilitychange', 'pagehide', 'pageshow', 'freeze'])
    addEventListener(type, look, true);
  addEventListener('online', onOnline);
}
