import { BUCKETS, inRange } from '../bucketing.ts';
import type { Schedule, Traffic } from './definitions.ts';
import type { Ground } from './evaluation.ts';
import { instantOf } from './instant.ts';

/** Whether it has begun and not ended. A time that cannot be read is never. */
export function isRunning({ startsAt, endsAt }: Schedule, now: number): boolean {
  return !(startsAt && !(now >= instantOf(startsAt))) && !(endsAt && !(now < instantOf(endsAt)));
}

/** Whether a unit is in the traffic. The salt decides its bucket; a ramp moves the end of the range as time goes by. */
export function isInTraffic(
  salt: string,
  { start, end, ramp }: Traffic,
  unit: string,
  now: number,
  { bucketOf }: Ground,
): boolean {
  let last = Number.NEGATIVE_INFINITY;
  for (const step of ramp ?? []) {
    const at = instantOf(step.at);
    if (at <= now && at >= last) {
      end = step.end;
      last = at;
    }
  }
  // Everybody, as most experiments have it: nothing to hash.
  return (start <= 0 && end >= BUCKETS) || inRange({ start, end }, bucketOf(salt, unit));
}
