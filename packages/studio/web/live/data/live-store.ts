import {
  type LiveEvent,
  type LiveFigures,
  type LiveMessage,
  STREAM_EVENTS,
} from '../../../src/live/live-message.ts';
import { ApiError } from './api.ts';
import { createEventStreamParser } from './event-stream-parser.ts';

/** What the page knows of the server at the moment. */
export interface LiveState {
  /** `denied`: the server wants a token or refuses this page. */
  connection: 'connecting' | 'live' | 'lost' | 'denied';
  figures: LiveFigures | null;
  /** Newest first. */
  events: LiveEvent[];
  /** Ids of the events that the latest message brought; empty after the first message. */
  fresh: ReadonlySet<string>;
  /** What is wrong, in words. */
  trouble: string | null;
  denial: ApiError | null;
  /** Server clock minus this machine's, in milliseconds. */
  clockOffsetMs: number;
}

/** A store in the shape of React's useSyncExternalStore. */
export interface LiveStore {
  subscribe(listener: () => void): () => void;
  read(): LiveState;
  /** Tries again at once, after a token was given. */
  retry(): void;
}

export interface LiveStoreOptions {
  /** Opens the stream; rejects with ApiError if the server refuses. */
  open(signal: AbortSignal): Promise<Response>;
}

const SILENCE_MS = 8000;
const RETRY_MS = [500, 1000, 2000, 4000];

/** The state that a page begins with. */
export const initialLiveState: LiveState = {
  connection: 'connecting',
  figures: null,
  events: [],
  fresh: new Set(),
  trouble: null,
  denial: null,
  clockOffsetMs: 0,
};

/** The state after a message; `first` says that it is the first of its connection. */
export function applyMessage(state: LiveState, message: LiveMessage, first: boolean, now: number): LiveState {
  const known = new Set(message.events.map((event) => event.id));
  const events = [...message.events, ...state.events.filter((event) => !known.has(event.id))];
  return {
    ...state,
    connection: 'live',
    figures: message.figures ?? state.figures,
    events: events.slice(0, STREAM_EVENTS),
    fresh: first ? new Set() : known,
    trouble: message.trouble ?? null,
    denial: null,
    clockOffsetMs: message.figures ? message.figures.at - now : state.clockOffsetMs,
  };
}

/** Creates the store; it is connected while someone subscribes, and connects again by itself. */
export function createLiveStore({ open }: LiveStoreOptions): LiveStore {
  let state = initialLiveState;
  let current: AbortController | undefined;
  let failures = 0;
  const listeners = new Set<() => void>();

  function set(next: LiveState) {
    state = next;
    for (const listener of listeners) listener();
  }

  async function connect(controller: AbortController) {
    const { signal } = controller;
    try {
      const response = await open(signal);
      await readMessages(response, controller, (message, first) => {
        failures = 0;
        set(applyMessage(state, message, first, Date.now()));
      });
    } catch (error) {
      if (error instanceof ApiError && error.status < 500 && !signal.aborted) {
        current = undefined;
        return set({ ...state, connection: 'denied', denial: error });
      }
    }
    if (current !== controller) return;
    set({ ...state, connection: 'lost', fresh: new Set() });
    const delay = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 1000;
    failures += 1;
    setTimeout(() => {
      if (current === controller) start();
    }, delay);
  }

  function start() {
    current = new AbortController();
    void connect(current);
  }

  function stop() {
    const controller = current;
    current = undefined;
    controller?.abort();
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (!current) start();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    read: () => state,
    retry() {
      stop();
      set({ ...state, connection: 'connecting', denial: null });
      start();
    },
  };
}

/** Reads messages until the stream ends, or says nothing for too long. */
async function readMessages(
  response: Response,
  controller: AbortController,
  onMessage: (message: LiveMessage, first: boolean) => void,
): Promise<void> {
  if (!response.body) return;
  let first = true;
  const parse = createEventStreamParser((data) => {
    onMessage(JSON.parse(data) as LiveMessage, first);
    first = false;
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const silence = setTimeout(() => controller.abort(), SILENCE_MS);
    try {
      const { done, value } = await reader.read();
      if (done) return;
      parse(value);
    } finally {
      clearTimeout(silence);
    }
  }
}
