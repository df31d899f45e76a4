import type { Clock, Random } from '@millrace/core';

/** The browser's clock. */
export const clock: Clock = {
  now: () => Date.now(),
  setTimeout(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** The browser's randomness. */
export const random: Random = {
  next: () => Math.random(),
  fill: (bytes) => void crypto.getRandomValues(bytes),
};
