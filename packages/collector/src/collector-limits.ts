import { MAX_BATCH_BYTES, MAX_EVENT_BYTES } from '@millrace/core';

/** What one request may ask of the collector. */
export interface CollectorLimits {
  /** The greatest size of an event, in bytes of JSON. */
  maxEventBytes: number;
  /** The greatest size of a body, in bytes, both as it travels and decompressed. */
  maxBatchBytes: number;
  /** The most events in one request. */
  maxEvents: number;
  /** How deep an event may be nested. */
  maxDepth: number;
  /** How long a client may take to send its body, in milliseconds. */
  bodyTimeoutMs: number;
  /** The most bytes of bodies held at once over all requests; beyond it, 503. */
  maxInFlightBytes: number;
  /** The most streams of definitions that are open at once; beyond it, 503. */
  maxStreams: number;
}

/** The limits of the wire, and bounds on memory that suit one small machine. */
export const DEFAULT_LIMITS: CollectorLimits = {
  maxEventBytes: MAX_EVENT_BYTES,
  maxBatchBytes: MAX_BATCH_BYTES,
  maxEvents: 10_000,
  maxDepth: 200,
  bodyTimeoutMs: 20_000,
  maxInFlightBytes: 64 * 1024 * 1024,
  maxStreams: 5_000,
};
