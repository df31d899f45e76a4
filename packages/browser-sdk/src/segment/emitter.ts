// What a listener gets differs by event, and none of it is ours.
type Listener = (...news: never[]) => void;

/** Listeners by name of event, in Segment's way: `on`, `once` and `off` give back what they were called on. */
export function createEmitter() {
  const listeners: { name: string; listener: Listener; once: boolean }[] = [];
  return {
    add(name: string, listener: Listener, once: boolean): void {
      if (typeof listener === 'function') listeners.push({ name, listener, once });
    },
    remove(name: string, listener: Listener): void {
      const index = listeners.findIndex((each) => each.name === name && each.listener === listener);
      if (index >= 0) listeners.splice(index, 1);
    },
    emit(name: string, ...news: unknown[]): void {
      for (const entry of [...listeners]) {
        if (entry.name !== name) continue;
        if (entry.once) listeners.splice(listeners.indexOf(entry), 1);
        later(() => entry.listener(...(news as never[])));
      }
    },
  };
}

/** Runs code of the page in its own microtask: what it throws is the page's, and stops nothing here. */
export function later(run: () => void): void {
  queueMicrotask(run);
}
