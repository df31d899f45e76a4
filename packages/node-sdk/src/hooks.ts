/** Listeners by hook. */
export interface HookList<Hooks> {
  on<Name extends keyof Hooks>(name: Name, listener: (news: Hooks[Name]) => void): () => void;
  emit<Name extends keyof Hooks>(name: Name, news: Hooks[Name]): void;
}

/** An empty list of listeners. What a listener throws is given to `onError`, and stops nothing here. */
export function createHooks<Hooks>(onError: (error: unknown) => void): HookList<Hooks> {
  const listeners = new Map<keyof Hooks, Set<(news: never) => void>>();
  return {
    on(name, listener) {
      const entry = (news: never): void => listener(news);
      const list = listeners.get(name) ?? new Set();
      listeners.set(name, list.add(entry));
      return () => void list.delete(entry);
    },
    emit(name, news) {
      for (const listener of [...(listeners.get(name) ?? [])]) {
        try {
          listener(news as never);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}
