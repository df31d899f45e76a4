import { useSyncExternalStore } from 'react';
import { callApi } from './api.ts';
import { createLiveStore, type LiveState } from './live-store.ts';

const store = createLiveStore({
  open: (signal) => callApi('/api/live', { signal, headers: { Accept: 'text/event-stream' } }),
});

/** The live state of the server; connected while a component uses it. */
export function useLive(): LiveState {
  return useSyncExternalStore(store.subscribe, store.read);
}

/** Connects again at once, after a token was given. */
export function retryLive(): void {
  store.retry();
}
