import { gunzipSync, inflateSync } from 'node:zlib';

const MARKER = /mk[a-z]\d{5}km/g;

/** The name that event `index` of a kind, a small letter, carries in its properties. */
export const marker = (kind, index) => `mk${kind}${String(index).padStart(5, '0')}km`;

/** The markers of the events in a request: JSON, gzip, form fields and base64, in any of the SDKs' mixtures. */
export function markersIn(url, body) {
  return [...new Set(layers(`${url}\n${unpack(body)}`).match(MARKER))];
}

function unpack(body) {
  if (body[0] === 0x1f && body[1] === 0x8b) return gunzipSync(body).toString();
  if (body[0] === 0x78) return inflateSync(body).toString();
  return body.toString();
}

/** The text, and what its form fields say, decoded. */
function layers(text) {
  if (!/(^|[?&\n])data=/.test(text)) return text;
  const fields = [...text.matchAll(/(?:^|[?&\n])data=([^&\n]*)/g)].map(([, value]) =>
    decodeURIComponent(value.replaceAll('+', ' ')),
  );
  return [text, ...fields, ...fields.map((field) => Buffer.from(field, 'base64').toString())].join('\n');
}
