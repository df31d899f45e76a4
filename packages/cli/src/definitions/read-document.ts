import { readFile } from 'node:fs/promises';
import { InvalidDefinitionsError } from '@millrace/definitions';
import { CommandError, type CommandIo } from '../command.ts';

/** The JSON in a file, or on standard input for `-`. Throws `CommandError` where it cannot be read. */
export async function readDocument(io: CommandIo, file: string): Promise<unknown> {
  const text = await readText(io, file);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new CommandError(`${nameOf(file)} is not JSON: ${(error as Error).message}`);
  }
}

/** Runs `use`; what is wrong with the document of `file` is said line by line, each with its place. */
export async function explainProblems<T>(file: string, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof InvalidDefinitionsError)) throw error;
    const lines = error.problems.map(({ path, message }) => `\n  ${path || '/'}: ${message}`);
    throw new CommandError(`${nameOf(file)} cannot be used:${lines.join('')}`);
  }
}

function nameOf(file: string): string {
  return file === '-' ? 'the document' : file;
}

async function readStdin(io: CommandIo): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** What is in a file, or on standard input for `-`. Throws `CommandError` where it cannot be read. */
export async function readText(io: CommandIo, file: string): Promise<string> {
  if (file === '-') return readStdin(io);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
