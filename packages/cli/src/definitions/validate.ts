import { validateDefinitions } from '@millrace/definitions';
import { type CommandIo, parseFlags, UsageError } from '../command.ts';
import { explainProblems, readDocument } from './read-document.ts';

/** `millrace definitions validate <file>`: says what is wrong with a document; needs no server and no data. */
export async function validate(argv: string[], io: CommandIo): Promise<number> {
  const [file] = parseFlags(argv, {}, { positionals: ['file'] }).positionals;
  if (file === undefined)
    throw new UsageError('definitions validate: expected the file, or - for standard input');
  const document = await readDocument(io, file);
  const { flags, experiments } = await explainProblems(file, () => validateDefinitions(document));
  const count = (record: object) => Object.keys(record).length;
  io.stdout.write(`valid: ${count(flags)} flags, ${count(experiments)} experiments\n`);
  return 0;
}
