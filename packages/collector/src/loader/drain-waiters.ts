/** Tells those who wait for it that the log is empty: once a read that began after they asked finds nothing. */
export interface DrainWaiters {
  /** Resolves to true at the first empty read that begins after this call; to false if the loader ends before. */
  add(): Promise<boolean>;
  /** To be called when a read begins; the number names it. */
  readBegins(): number;
  /** Says that everything before read `number` is loaded, and that it found nothing. */
  foundNothing(number: number): void;
  /** Says that the loader ends. */
  end(): void;
  /** Says that it begins. */
  open(): void;
}

export function createDrainWaiters(): DrainWaiters {
  let reads = 0;
  let isEnded = false;
  let waiters: { after: number; resolve: (isEmpty: boolean) => void }[] = [];
  return {
    add: () =>
      new Promise((resolve) => {
        if (isEnded) resolve(false);
        else waiters.push({ after: reads, resolve });
      }),
    readBegins: () => ++reads,
    foundNothing(number) {
      for (const { after, resolve } of waiters) if (number > after) resolve(true);
      waiters = waiters.filter(({ after }) => number <= after);
    },
    end() {
      isEnded = true;
      for (const { resolve } of waiters) resolve(false);
      waiters = [];
    },
    open() {
      isEnded = false;
    },
  };
}
