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
  /** Adds to what is known. */
  update(known: Partial<Visitor>): void;
  /** Somebody new, of whom nothing is known. */
  reset(): void;
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
  adopted: AdoptedIds = {},
): VisitorKeeper {
  const save = (visitor: Visitor): Visitor => {
    values.set('visitor', visitor);
    return visitor;
  };
  const begin = ({ anonymousId = newId(), userId }: AdoptedIds): Visitor => {
    cookie.writeId(anonymousId);
    return save({ anonymousId, userId });
  };
  const current = (): Visitor => {
    const stored = values.get('visitor') as unknown as Visitor;
    const anonymousId = cookie.readId();
    if (anonymousId && anonymousId !== stored.anonymousId) return save({ anonymousId });
    return stored.anonymousId ? stored : begin(adopted);
  };
  return {
    current,
    update: (known) => void save({ ...current(), ...known }),
    reset: () => void begin({}),
  };
}
