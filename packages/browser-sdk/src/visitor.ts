import type { JsonObject } from '@millrace/core';
import type { IdCookie } from './cookie.ts';
import type { KeyValues } from './key-values.ts';

/** Who the events are of, and what goes with all of them. */
interface Visitor {
  anonymousId: string;
  userId?: string | undefined;
  groupId?: string | undefined;
  /** Registered properties. */
  properties?: JsonObject;
  /** Where the visitor first came from, and last. */
  firstTouch?: JsonObject;
  lastTouch?: JsonObject;
}

/** The visitor, as all tabs of the origin see them; read anew at each event since another tab may have changed it. */
export interface VisitorKeeper {
  current(): Visitor;
  /** Takes over the id of the cookie, or sets it: at the start and when the page is seen again, since it takes time. */
  syncCookie(): void;
  /** Adds to what is known. */
  update(known: Partial<Visitor>): void;
  /** Somebody new, of whom nothing is known. */
  startAnew(): void;
}

/** The ids of a visitor who is new here, but known from elsewhere. */
interface AdoptedIds {
  anonymousId?: string | undefined;
  userId?: string | undefined;
}

/**
 * Keeps the visitor in `values`, and the anonymous id in the cookie too. The cookie wins: what is stored of another
 * visitor was left behind when the visitor changed on another subdomain. `adopted` is of a visitor who is new here.
 */
export function createVisitor(
  values: KeyValues,
  cookie: IdCookie,
  newId: () => string,
  adopted: AdoptedIds,
): VisitorKeeper {
  const begin = ({ anonymousId = newId(), userId }: AdoptedIds): Visitor => {
    cookie.writeId(anonymousId);
    const visitor = { anonymousId, userId };
    values.saveValue('visitor', visitor);
    return visitor;
  };
  const stored = () => values.readValue('visitor') as unknown as Visitor;
  const current = (): Visitor => (stored().anonymousId ? stored() : begin(adopted));
  return {
    current,
    syncCookie() {
      const anonymousId = cookie.readId();
      if (anonymousId && anonymousId !== stored().anonymousId) begin({ anonymousId });
      else cookie.writeId(current().anonymousId);
    },
    update: (known) => values.saveValue('visitor', { ...current(), ...known }),
    startAnew: () => void begin({}),
  };
}
