import { formatDefinitions, importGrowthBook } from '@millrace/definitions';
import { type CommandIo, parseFlags, UsageError } from '../command.ts';
import { explainProblems, readDocument } from './read-document.ts';

/** `millrace definitions import growthbook <file>`: prints the document of a payload; needs no server and no data. */
export async function importFrom(argv: string[], io: CommandIo): Promise<number> {
  const flags = { unit: { type: 'string', multiple: true } } as const;
  const { values, positionals } = parseFlags(argv, flags, { positionals: ['format', 'file'] });
  const [format, file] = positionals;
  if (format !== 'growthbook' || file === undefined) {
    throw new UsageError('definitions import: expected growthbook and the file, or - for standard input');
  }
  const units = Object.fromEntries((values.unit ?? []).map(readUnit));
  const payload = await readDocument(io, file);
  const { document, warnings } = await explainProblems(file, () => importGrowthBook(payload, { units }));
  for (const { path, message } of warnings) io.stderr.write(`warning: ${path}: ${message}\n`);
  io.stdout.write(formatDefinitions(document));
  return 0;
}

function readUnit(text: string): [attribute: string, unitType: string] {
  const [, attribute, unitType] = /^([^=]{1,64})=([^=]{1,64})$/.exec(text) ?? [];
  if (attribute !== undefined && unitType !== undefined) return [attribute, unitType];
  throw new UsageError(`--unit ${text}: expected <attribute>=<unit type>, such as id=userId`);
}
