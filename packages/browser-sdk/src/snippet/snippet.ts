/** How the script is loaded. */
export interface SnippetOptions {
  /** The project's write key. */
  writeKey: string;
  /** Where the script is, as in `https://events.example.com/millrace.js`. */
  src: string;
  /** Where the collector is, if it is not where the script is. */
  host?: string;
}

/** What may be called before the script is there; calls that answer something have to wait for it. */
const METHODS = 'track identify page group alias reset register unregister setConsent';

/** After that many calls the script will not come any more. */
const MOST = 1000;

/**
 * The text for a `<script>` near the top of a page: it loads the SDK without holding anything up, and keeps what is
 * called on `window.analytics` until then. Pasted twice it loads once; the script's nonce is passed on. Everything in it
 * is escaped, so that it may stand in HTML as it is.
 */
export function snippet({ writeKey, src, host }: SnippetOptions): string {
  const text = (value: string): string => JSON.stringify(value).replaceAll('<', '\\u003c');
  const data = Object.entries({ writeKey, host }).flatMap(([name, value]) =>
    value === undefined ? [] : [`s.dataset.${name}=${text(value)};`],
  );
  return [
    '!function(d,a,s,n){',
    // Whatever is there already is the SDK, or its forerunner.
    'if(a.track)return;',
    `"${METHODS}".split(" ").forEach(function(m){a[m]=function(){`,
    `a.length>=${MOST}||a.push([m].concat([].slice.call(arguments)))}});`,
    's=d.createElement("script");s.async=!0;',
    `s.src=${text(src)};${data.join('')}`,
    'n=d.currentScript;if(n&&n.nonce)s.nonce=n.nonce;',
    'd.head.appendChild(s)',
    '}(document,window.analytics=window.analytics||[])',
  ].join('');
}
