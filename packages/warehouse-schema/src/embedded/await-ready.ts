import { setTimeout as delay } from 'node:timers/promises';
import { DATABASE } from '../database.ts';
import type { EmbeddedChild } from './embedded-child.ts';
import { EmbeddedStartError } from './embedded-errors.ts';
import { ADMIN_USER } from './write-config.ts';

interface ReadyOptions {
  url: string;
  /** What our process answers, and no other listener on the port. */
  instance: string;
  password: string;
  timeoutMs: number;
  child: EmbeddedChild;
}

const POLL_MS = 20;
const REQUEST_TIMEOUT_MS = 5_000;

/**
 * Resolves when the child has answered as itself to the administrator, and the database exists.
 * @throws EmbeddedStartError when it ends, or does not answer in time.
 */
export async function awaitReady(options: ReadyOptions): Promise<void> {
  const { url, instance, timeoutMs, child } = options;
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (child.hasExited()) throw startError(child.output());
    const answer = await query(options, `SELECT getMacro('millrace_instance')`).catch(() => undefined);
    if (answer?.ok && answer.text === instance) {
      const made = await query(options, `CREATE DATABASE IF NOT EXISTS ${DATABASE}`);
      if (!made.ok) throw new EmbeddedStartError('start_failed', made.text);
      return;
    }
    await delay(POLL_MS);
  }
  throw new EmbeddedStartError(
    'start_timeout',
    `The embedded ClickHouse did not answer on ${url} within ${timeoutMs} ms. ${child.output()}`,
  );
}

async function query({ url, password }: ReadyOptions, sql: string): Promise<{ ok: boolean; text: string }> {
  const response = await fetch(`${url}/?database=system`, {
    method: 'POST',
    body: sql,
    headers: { 'X-ClickHouse-User': ADMIN_USER, 'X-ClickHouse-Key': password },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  return { ok: response.ok, text: (await response.text()).trim() };
}

function startError(output: string): EmbeddedStartError {
  if (/Cannot lock file|Another server instance/.test(output)) {
    return new EmbeddedStartError('data_dir_in_use', `Another ClickHouse holds the data folder. ${output}`);
  }
  if (/Address already in use/.test(output)) {
    return new EmbeddedStartError('port_in_use', `A port of the embedded ClickHouse was taken. ${output}`);
  }
  return new EmbeddedStartError('start_failed', `The embedded ClickHouse ended at its start. ${output}`);
}
