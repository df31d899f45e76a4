import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The path of the latest Node of a major version, from npm's package `node`; npm keeps it for the next time. */
export async function nodeOf(major: number): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const args = ['-y', '-p', `node@${major}`, '-c', 'node -p process.execPath'];
  const { stdout } = await promisify(execFile)('npx', args);
  return stdout.trim();
}
