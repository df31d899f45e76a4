/**
 * The text for a `<script>` in the head of a page that has no bootstrap: it hides the page until `window.millraceShow` is
 * called, and shows it after `timeoutMs` in any case. The script's nonce is passed on. It may stand in HTML as it is.
 */
export function antiFlicker({ timeoutMs = 1000 }: { timeoutMs?: number } = {}): string {
  return [
    '!function(d,w,s){s=d.createElement("style");s.nonce=d.currentScript.nonce;',
    's.textContent="html{opacity:0!important}";d.head.appendChild(s);',
    `setTimeout(w.millraceShow=function(){s.remove()},${Number(timeoutMs)})}(document,window)`,
  ].join('');
}
