/** A bound on the bytes that are held at once; see `createByteBudget`. */
export interface ByteBudget {
  /** Takes `bytes` and returns how to give them back, or undefined when they are not to be had. */
  take(bytes: number): (() => void) | undefined;
}

/** A budget of `maxBytes`. One taker is always let in, however much it asks for. */
export function createByteBudget(maxBytes: number): ByteBudget {
  let taken = 0;
  return {
    take(bytes) {
      if (taken > 0 && taken + bytes > maxBytes) return undefined;
      taken += bytes;
      let held = true;
      return () => {
        if (held) taken -= bytes;
        held = false;
      };
    },
  };
}
