/** An event as a journal keeps it. */
export interface JournaledEvent {
  messageId: string;
  json: string;
  /** How long ago it was recorded, where it was taken over. */
  ageMs?: number;
}

/** Keeps events beside the memory until their fate is known. May throw where its storage does. */
export interface EventJournal {
  write(event: JournaledEvent): void;
  settle(messageIds: readonly string[]): void;
  /** What processes that are no more have left; theirs no longer. */
  takeOver(): JournaledEvent[];
}
