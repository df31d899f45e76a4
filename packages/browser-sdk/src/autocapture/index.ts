export { autocapture } from './autocapture.ts';
export type { AutocaptureClient } from './client.ts';
export type { AutocaptureOptions } from './options.ts';
