import { createHash } from 'node:crypto';
import type { Assignment } from '@millrace/core/evaluation';
import { EXPOSURE_EVENT, exposureProperties } from '@millrace/core/variants';

/** What an exposure says. */
interface Exposure {
  assignment: Assignment;
  userId: string;
  definitionsVersion: number;
  /** Unix milliseconds. */
  now: number;
}

/**
 * The event that records an exposure. Its id derives from everything that it says and the UTC day, so that the same
 * exposure is one event a day however often, and by however many collectors, it is recorded; and it has no timestamp of
 * its own, so that a repetition has the same content and is dropped as a retry.
 */
export function exposureEvent({
  assignment,
  userId,
  definitionsVersion,
  now,
}: Exposure): Record<string, unknown> {
  const properties = exposureProperties(assignment, definitionsVersion);
  const day = new Date(now).toISOString().slice(0, 10);
  const content = JSON.stringify([userId, properties, day]);
  return {
    type: 'track',
    event: EXPOSURE_EVENT,
    messageId: `exposure-${createHash('sha256').update(content).digest('base64url')}`,
    userId,
    properties,
    context: { library: { name: 'millrace-assign' } },
  };
}
