/** The greatest size of one event, in bytes of JSON. */
export const MAX_EVENT_BYTES = 32 * 1024;

/** The greatest size of a batch, in bytes of JSON after decompression. */
export const MAX_BATCH_BYTES = 500 * 1024;

/** The greatest length of a `messageId`, in UTF-8 bytes. */
export const MAX_MESSAGE_ID_BYTES = 128;

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a repeated `messageId` is recognised: within it, a retry changes nothing. */
export const DEDUPE_HORIZON_MS = 8 * DAY_MS;

/** How long an SDK may keep an event before it gives up. Must stay below the horizon. */
export const CLIENT_STORAGE_TTL_MS = 7 * DAY_MS;
