import type { JsonObject } from '@millrace/core';
import {
  eventsPerSecond,
  liveCounts,
  type RecentEventRow,
  recentEvents,
  totals,
  type WarehouseClient,
} from '@millrace/warehouse-schema';
import type { LiveEvent } from './live-message.ts';
import type { LiveWarehouse } from './live-warehouse.ts';

const HOUR_MS = 3_600_000;
// How far back the last events are looked for, one after the other, until there are enough.
const WINDOWS_MS = [60_000, HOUR_MS, 24 * HOUR_MS, 30 * 24 * HOUR_MS];

/** The live figures of one project, read with the given client, which should be the reader's. */
export function createLiveWarehouse(client: WarehouseClient, projectId: number): LiveWarehouse {
  const project = { project_id: projectId };
  // No event of the last reading arrived before; 0 when that reading was all there is.
  let since: number | undefined;

  function eventsSince(time: number, limit: number): Promise<RecentEventRow[]> {
    return recentEvents(client, { ...project, since: time, max_rows: limit });
  }

  /** Looks no further back than needed: arrival times are indexed, and a large table is not read for its end. */
  async function lastEvents(limit: number): Promise<RecentEventRow[]> {
    if (since !== undefined) {
      const rows = await eventsSince(since, limit);
      if (rows.length >= limit || since === 0) return rows;
    }
    const { last_received_at: newest } = await totals(client, project);
    for (const window of WINDOWS_MS) {
      const rows = await eventsSince(Math.max(0, newest - window), limit);
      if (rows.length >= limit) return rows;
    }
    return eventsSince(0, limit);
  }

  return {
    eventsPerSecond: (seconds) => eventsPerSecond(client, { ...project, seconds }),
    async totals() {
      const { events, users } = await totals(client, project);
      return { events, people: users };
    },
    async countsByEvent(limit) {
      const rows = await liveCounts(client, { ...project, max_rows: limit });
      return rows.map(({ event, events, users }) => ({ event, events, people: users }));
    },
    async recentEvents(limit) {
      const rows = await lastEvents(limit);
      since = rows.length >= limit ? (rows.at(-1)?.received_at ?? 0) : 0;
      return rows.map(toLiveEvent);
    },
  };
}

function toLiveEvent(row: RecentEventRow): LiveEvent {
  const { message_id, received_at, inserted_at: _, user_id, anonymous_id, session_id, ...rest } = row;
  const { type, event, timestamp, path, properties, traits, ...columns } = rest;
  return {
    id: message_id,
    event,
    type,
    timestamp,
    receivedAt: received_at,
    userId: user_id,
    anonymousId: anonymous_id,
    sessionId: session_id,
    path,
    properties: properties as JsonObject,
    traits: traits as JsonObject,
    columns: Object.fromEntries(Object.entries(columns).filter(([, value]) => isFilled(value))),
  };
}

function isFilled(value: unknown): boolean {
  return value !== '' && value !== 0 && value !== false;
}
