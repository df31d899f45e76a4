import { attempt } from './browser-values.ts';
import { ids, parseObject } from './parse.ts';

/**
 * Amplitude's SDK 2 keeps `{deviceId, userId, sessionId, ...}` as `AMP_<first 10 of the key>`: in a cookie as base64 of
 * percent-encoded JSON, in localStorage as JSON.
 * https://github.com/amplitude/Amplitude-TypeScript/blob/main/packages/analytics-core/src/storage/cookie.ts
 */
export function fromAmplitude(value: string) {
  const json = value.startsWith('{') ? value : attempt(() => decodeURIComponent(atob(value)));
  const { deviceId, userId } = parseObject(json);
  return ids(deviceId, userId);
}

/**
 * The SDK before wrote `amp_<first 6 of the key>` as `deviceId.base64(userId).optOut.session...`, the user percent-
 * encoded before.
 * https://github.com/amplitude/Amplitude-TypeScript/blob/main/packages/analytics-browser/src/cookie-migration/index.ts
 */
export function fromLegacyAmplitude(value: string) {
  const [deviceId, userId] = value.split('.');
  return ids(
    deviceId,
    attempt(() => decodeURIComponent(escape(atob(userId ?? '')))),
  );
}
