import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  DAMAGED_STATE_FILE,
  decodeState,
  type LoaderState,
  listSegments,
  parseLogId,
  SEGMENT_HEADER_BYTES,
  STATE_FILE,
  segmentPath,
} from '@millrace/collector';
import type { DataPaths } from '../data-dir/data-paths.ts';
import {
  type Check,
  type DoctorContext,
  type Finding,
  ok,
  problem,
  readableBytes,
  warning,
} from './finding.ts';
import { kafkaLag } from './kafka-check.ts';
import { kafkaTopics } from './kafka-topics-check.ts';

/** A loader that is well moves several times in this time. */
const STUCK_MS = 5_000;
const POLL_MS = 100;

/** Whether the spool, or with Kafka what buffers for it, takes events, and whether some of it was damaged. */
export const spool: Check = {
  name: 'spool',
  async look({ config, paths }) {
    const folder = config.kafkaBrokers ? paths.buffer : paths.spool;
    const segments = await readSegments(folder);
    const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
    const quota = config.spoolQuotaBytes;
    const findings: Finding[] = [];
    const message = `${readableBytes(bytes)} of ${readableBytes(quota)} used, in ${segments.length} segments`;
    if (bytes >= quota) {
      findings.push(
        problem(
          `${message}: events are answered with 503`,
          'let the loader catch up, or raise MILLRACE_SPOOL_QUOTA_BYTES',
        ),
      );
    } else {
      findings.push(
        bytes > 0.8 * quota
          ? warning(message, 'see why the loader is behind: events are refused at the quota')
          : ok(message),
      );
    }
    const damaged = (await list(join(folder, 'quarantine'))).filter((name) => name.endsWith('.json'));
    if (damaged.length > 0) {
      findings.push(
        warning(
          `${damaged.length} damaged segments were set aside in ${join(folder, 'quarantine')}; what could be read of them was loaded`,
          'check the disk; the .json beside each says what is missing; remove them once that is settled',
        ),
      );
    }
    return findings;
  },
};

/** Whether the loader keeps up with the spool. */
export const loader: Check = {
  name: 'loader',
  async look(context) {
    const lag = context.config.kafkaBrokers
      ? [...(await kafkaTopics(context)), ...(await kafkaLag(context))]
      : await keepsUp(context);
    return [...(await setAside(context.paths)), ...lag];
  },
};

/** A state file that the loader could not read once, and went on without. */
async function setAside({ loader: folder }: DataPaths): Promise<Finding[]> {
  if (!(await list(folder)).includes(DAMAGED_STATE_FILE)) return [];
  return [
    warning(
      `the state of the loader was damaged once; it compared the log with the warehouse, and kept the file as ${join(folder, DAMAGED_STATE_FILE)}`,
      'check the disk; remove the file once that is settled',
    ),
  ];
}

async function keepsUp({ paths, run, now }: DoctorContext): Promise<Finding[]> {
  const first = await progress(paths);
  if (first.damaged) {
    return [
      warning(
        `${join(paths.loader, STATE_FILE)} is damaged`,
        'nothing to do: the loader finds out from the warehouse what is loaded',
      ),
    ];
  }
  if (first.waiting === 0) return [ok(`everything is loaded${totals(first.state)}`)];
  const message = `${readableBytes(first.waiting)} in the spool are not loaded yet${totals(first.state)}`;
  if (!run) return [warning(message, 'millrace start loads them')];
  for (const deadline = now() + STUCK_MS; now() < deadline; ) {
    await delay(POLL_MS);
    const later = await progress(paths);
    if (later.waiting === 0 || !isDeepStrictEqual(later.state?.checkpoint, first.state?.checkpoint)) {
      return [ok(`the loader is at work; ${message}`)];
    }
  }
  return [problem(`${message}, and the loader does not move`, `see ${join(paths.logs, 'loader.log')}`)];
}

async function progress(paths: DataPaths) {
  const text = await readFile(join(paths.loader, STATE_FILE), 'utf8').catch(() => '');
  const state = decodeState(text);
  const waiting = backlog(await readSegments(paths.spool), state);
  return { state, damaged: text !== '' && state === null, waiting };
}

interface Segment {
  number: number;
  bytes: number;
}

async function readSegments(folder: string): Promise<Segment[]> {
  return Promise.all(
    (await listSegments(folder)).map(async (number) => {
      // The loader may remove a segment at any time.
      const { size } = await stat(segmentPath(folder, number)).catch(() => ({ size: 0 }));
      return { number, bytes: size };
    }),
  );
}

/** The bytes of the spool that the loader has not loaded. */
function backlog(segments: readonly Segment[], state: LoaderState | null): number {
  const checkpoint = state ? parseLogId(state.checkpoint)?.number : undefined;
  return segments.reduce((sum, { number, bytes }) => {
    if (checkpoint !== undefined && number < checkpoint) return sum;
    const loaded = number === checkpoint ? (state?.checkpoint.offset ?? 0) : 0;
    return sum + Math.max(0, bytes - Math.max(loaded, SEGMENT_HEADER_BYTES));
  }, 0);
}

function totals(state: LoaderState | null): string {
  if (!state) return '';
  const { events, duplicatesRefused, rejected } = state.totals;
  return `: ${events} events loaded, ${duplicatesRefused} duplicates refused, ${rejected} rejected`;
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
