/** Everything that autocapture has begun and must end. */
export interface Scope {
  /** A function that does nothing after the end, and whose errors never reach the page. */
  guard<Args extends unknown[]>(run: (...args: Args) => void): (...args: Args) => void;
  /** Listens, guarded, until the end; at the window's capture phase, so that no handler of the page hides an event. */
  listen(types: string, run: (event: never) => void): void;
  onEnd(undo: () => void): void;
  end(): void;
}

/** A scope that has begun. */
export function createScope(): Scope {
  const undo: (() => void)[] = [];
  let ended = false;
  const scope: Scope = {
    guard:
      (run) =>
      (...args) => {
        if (ended) return;
        try {
          run(...args);
        } catch {
          // What is not captured is less harm than an error of ours in the page.
        }
      },
    listen(types, run) {
      const listener = scope.guard(run as (event: Event) => void);
      const how = { capture: true, passive: true };
      for (const type of types.split(' ')) {
        addEventListener(type, listener, how);
        undo.push(() => removeEventListener(type, listener, how));
      }
    },
    onEnd: (run) => void undo.push(run),
    end() {
      ended = true;
      for (const run of undo.splice(0)) run();
    },
  };
  return scope;
}
