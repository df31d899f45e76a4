import { ids, parseObject } from './parse.ts';

/**
 * posthog-js keeps JSON as `ph_<key>_posthog`, in a cookie, in localStorage or in both: `distinct_id` is the user once
 * `$user_state` is `identified`; `$device_id` is the first anonymous id. Versions before `$user_state` told the two
 * apart by that alone.
 * https://posthog.com/docs/libraries/js/persistence
 * https://github.com/PostHog/posthog-js/blob/main/packages/browser/src/posthog-persistence.ts
 */
export function fromPosthog(value: string) {
  const { distinct_id, $device_id, $user_state } = parseObject(value);
  const isUser = $user_state ? $user_state === 'identified' : !!$device_id && $device_id !== distinct_id;
  return isUser ? ids($device_id, distinct_id) : ids(distinct_id);
}
