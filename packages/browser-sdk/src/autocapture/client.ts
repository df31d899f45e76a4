/** What autocapture needs of a client. */
export interface AutocaptureClient {
  track(event: string, properties?: object): void;
  page(properties: object): void;
  /** Calls back at the last moment before the page is hidden or left, while an event can still go out. */
  on(name: 'hide', listener: () => void): () => void;
}
