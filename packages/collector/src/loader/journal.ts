import type { LoaderState } from './loader-state.ts';
import type { StateFile } from './state-file.ts';

/** Where the loader's state is kept, and what it was. */
export interface OpenedState {
  file: Pick<StateFile, 'save'>;
  state: LoaderState;
  /** True if the state is kept there as it is. */
  isSaved: boolean;
}

/** The loader's state, and whether it is on disk. */
export interface Journal {
  readonly state: LoaderState;
  /** Changes the state, without writing it down. */
  change(change: Partial<LoaderState>): void;
  /** Changes the state, and resolves once it is on disk. */
  save(change?: Partial<LoaderState>): Promise<void>;
  /** Resolves once the state is on disk. */
  saveIfChanged(): Promise<void>;
}

/** `onSaved` is called, and waited for, whenever the state is on disk. */
export function createJournal(
  { file, state: initial, isSaved }: OpenedState,
  onSaved: (state: LoaderState) => Promise<void>,
): Journal {
  let state = initial;
  let isChanged = !isSaved;
  const journal: Journal = {
    get state() {
      return state;
    },
    change(change) {
      state = { ...state, ...change };
      isChanged = true;
    },
    async save(change = {}) {
      journal.change(change);
      await file.save(state);
      isChanged = false;
      await onSaved(state);
    },
    async saveIfChanged() {
      if (isChanged) await journal.save();
    },
  };
  return journal;
}
