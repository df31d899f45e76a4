import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const FETCH_MS = 120_000;

/** A Node that @platformatic/kafka runs on: this one, or that of npm's package `node`; undefined if neither. */
export async function findNode22() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 22)) return process.execPath;
  const args = ['-y', '-p', 'node@22', '-c', 'node -p process.execPath'];
  try {
    const { stdout } = await promisify(execFile)('npx', args, { timeout: FETCH_MS });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
