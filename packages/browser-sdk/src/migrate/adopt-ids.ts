import { fromAmplitude, fromLegacyAmplitude } from './amplitude.ts';
import { storedValues } from './browser-values.ts';
import { fromMixpanel } from './mixpanel.ts';
import { fromPosthog } from './posthog.ts';
import { fromSegmentAnonymousId, fromSegmentUserId } from './segment.ts';

/** A visitor as another SDK knew them. */
export interface AdoptedIds {
  anonymousId?: string;
  userId?: string;
}

export type IdSource = 'segment' | 'posthog' | 'amplitude' | 'mixpanel';

type Reader = [name: RegExp, read: (value: string) => AdoptedIds];

const READERS: Record<IdSource, Reader[]> = {
  segment: [
    [/^ajs_anonymous_id$/, fromSegmentAnonymousId],
    [/^ajs_user_id$/, fromSegmentUserId],
  ],
  posthog: [[/^ph_.+_posthog$/, fromPosthog]],
  amplitude: [
    [/^AMP_[0-9a-zA-Z]{10}$/, fromAmplitude],
    [/^amp_[0-9a-zA-Z]{6}$/, fromLegacyAmplitude],
  ],
  mixpanel: [[/^mp_.+_mixpanel$/, fromMixpanel]],
};

/**
 * The visitor whom another SDK left in the cookies or the localStorage of this page, for
 * `createAnalytics({ ..., ...adoptIds(['segment']) })`: whoever comes back after the change is who they were. Of
 * several sources the first goes first, for each id alone. Changes nothing that is stored; an empty object where
 * nothing is found or readable, and on a server.
 */
export function adoptIds(sources: IdSource[]): AdoptedIds {
  if (typeof document === 'undefined') return {};
  const found: AdoptedIds = {};
  for (const [name, read] of sources.flatMap((source) => READERS[source] ?? [])) {
    for (const value of storedValues(name)) {
      const { anonymousId, userId } = read(value);
      if (anonymousId) found.anonymousId ??= anonymousId;
      if (userId) found.userId ??= userId;
    }
  }
  return found;
}
