import type { KeyValues } from './key-values.ts';

/** Who the events are of. */
interface Identity {
  anonymousId: string;
  userId?: string | undefined;
  groupId?: string | undefined;
}

/** The visitor, as all tabs of the origin see them. */
export interface IdentityKeeper {
  current(): Identity;
  /** Adds to what is known. */
  update(known: Partial<Identity>): void;
  /** Forgets everything: the next event is of somebody new. */
  reset(): void;
}

/** Keeps the visitor in `values`, read anew at each event since another tab may have changed it. */
export function createIdentity(values: KeyValues, newId: () => string): IdentityKeeper {
  const store = (identity: Identity): Identity => {
    values.set('identity', identity);
    return identity;
  };
  const current = (): Identity => {
    const { anonymousId, userId, groupId } = values.get('identity');
    return isId(anonymousId)
      ? {
          anonymousId,
          userId: isId(userId) ? userId : undefined,
          groupId: isId(groupId) ? groupId : undefined,
        }
      : store({ anonymousId: newId() });
  };
  return {
    current,
    update: (known) => void store({ ...current(), ...known }),
    reset: () => values.set('identity', {}),
  };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
