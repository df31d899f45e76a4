import { ids, parseObject } from './parse.ts';

/**
 * mixpanel-browser keeps JSON as `mp_<token>_mixpanel`, in a cookie or in localStorage: `$device_id` is the anonymous id,
 * `$user_id` the user. `distinct_id` is `$device:<device id>` until there is a user; older versions had it alone.
 * https://github.com/mixpanel/mixpanel-js/blob/master/src/mixpanel-persistence.js
 */
export function fromMixpanel(value: string) {
  const { distinct_id, $device_id, $user_id } = parseObject(value);
  const anonymous = typeof distinct_id === 'string' ? distinct_id.replace(/^\$device:/, '') : undefined;
  return ids($device_id ?? anonymous, $user_id);
}
