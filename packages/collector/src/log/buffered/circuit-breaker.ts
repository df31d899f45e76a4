/** Whether something that fails is worth trying. */
export interface CircuitBreaker {
  /** Why it is open, in words; undefined while it is closed. */
  reason(): string | undefined;
  /** Opens it, or after a probe that failed, waits twice as long for the next one. */
  trip(reason: string): void;
  close(): void;
  /** How long until the next probe may be made, milliseconds; 0 when it may be made now. */
  probeInMs(): number;
}

export interface CircuitBreakerOptions {
  /** Between the first failure and the first probe, milliseconds. */
  minPauseMs: number;
  maxPauseMs: number;
  /** Called when it opens, with the reason, and when it closes, without one. */
  onChange: (reason: string | undefined) => void;
  /** A clock that no one sets, milliseconds. */
  now: () => number;
}

/** Closed until something fails; then open, with one probe after each pause, until a probe succeeds. */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { minPauseMs, maxPauseMs, onChange, now } = options;
  let open: { reason: string; pauseMs: number; probeAt: number } | undefined;

  return {
    reason: () => open?.reason,
    trip(reason) {
      // Those that were under way when it opened fail as well: only a probe makes the pause longer.
      if (open && now() < open.probeAt) return;
      const pauseMs = open ? Math.min(maxPauseMs, open.pauseMs * 2) : minPauseMs;
      const wasOpen = open !== undefined;
      open = { reason, pauseMs, probeAt: now() + pauseMs };
      if (!wasOpen) onChange(reason);
    },
    close() {
      if (!open) return;
      open = undefined;
      onChange(undefined);
    },
    probeInMs: () => Math.max(0, (open?.probeAt ?? 0) - now()),
  };
}
