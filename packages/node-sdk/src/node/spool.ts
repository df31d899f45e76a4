import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import type { EventJournal, JournaledEvent } from '../journal.ts';

const MAX_SEGMENT_EVENTS = 500;
const FILE = /^(\d+)-[0-9a-f-]{36}\.jsonl$/;

interface Segment {
  path: string;
  /** The ids in it whose fate is not known yet. */
  waiting: Set<string>;
  isFull: boolean;
}

/**
 * Events in files of a folder, one line each, for as long as their fate is not known. A file is named after the
 * process that writes it; those of processes that are no more are taken over. Written to the system at each call,
 * not synced: it survives the process, not the power. Throws where the folder cannot be written.
 */
export function createSpool(folder: string): EventJournal {
  mkdirSync(folder, { recursive: true });
  const segments = new Set<Segment>();
  const segmentOf = new Map<string, Segment>();
  let current: Segment | undefined;

  const open = (): Segment => {
    const path = join(folder, `${process.pid}-${randomUUID()}.jsonl`);
    const segment = { path, waiting: new Set<string>(), isFull: false };
    segments.add(segment);
    return segment;
  };
  const release = (segment: Segment): void => {
    if (segment.waiting.size > 0 || !segment.isFull) return;
    segments.delete(segment);
    unlink(segment.path);
  };
  const track = (segment: Segment, messageId: string): void => {
    segment.waiting.add(messageId);
    segmentOf.set(messageId, segment);
  };

  return {
    write({ messageId, json }) {
      if (!current || current.isFull) current = open();
      appendFileSync(current.path, `${json}\n`);
      track(current, messageId);
      current.isFull = current.waiting.size >= MAX_SEGMENT_EVENTS;
    },
    settle(messageIds) {
      for (const messageId of messageIds) {
        const segment = segmentOf.get(messageId);
        segmentOf.delete(messageId);
        if (!segment?.waiting.delete(messageId)) continue;
        // A segment that is empty is done with, even if more would fit.
        if (segment.waiting.size === 0) segment.isFull = true;
        release(segment);
      }
    },
    takeOver() {
      const found: JournaledEvent[] = [];
      for (const name of readdirSync(folder)) {
        const pid = Number(FILE.exec(name)?.[1]);
        if (!pid || pid === process.pid || isAlive(pid)) continue;
        const segment = claim(folder, name, open);
        if (!segment) continue;
        const ageMs = Math.max(0, Date.now() - statSync(segment.path).mtimeMs);
        for (const event of readEvents(segment.path)) {
          track(segment, event.messageId);
          found.push({ ...event, ageMs });
        }
        segment.isFull = true;
        release(segment);
      }
      return found;
    },
  };
}

/** Renames the file after this process; another process may have been faster. */
function claim(folder: string, name: string, open: () => Segment): Segment | undefined {
  const segment = open();
  try {
    renameSync(join(folder, name), segment.path);
    return segment;
  } catch {
    return undefined;
  }
}

/** The lines that are whole: the last one may be cut off, where its process was killed while it wrote. */
function readEvents(path: string): JournaledEvent[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((json) => {
      try {
        const { messageId } = JSON.parse(json);
        return typeof messageId === 'string' ? [{ messageId, json }] : [];
      } catch {
        return [];
      }
    });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function unlink(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // What cannot be deleted is sent again under the same ids, which changes nothing.
  }
}
