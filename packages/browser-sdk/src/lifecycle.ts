/**
 * Calls back, for as long as the page lives, when it is hidden or left (`isFirst`: it was seen until now), after which
 * there may be no later moment, and when it is seen again, from another tab or from the back/forward cache.
 */
export function watchLifecycle(onHide: (isFirst: boolean) => void, onShow: () => void): void {
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
}
