import { type Command, parseFlags } from '../command.ts';
import { readConfig } from '../config/read-config.ts';
import { dataPaths } from '../data-dir/data-paths.ts';
import { assignments } from '../doctor/assignment-check.ts';
import type { Check, DoctorContext, Finding } from '../doctor/finding.ts';
import { credentials, dataFolder, ports } from '../doctor/folder-checks.ts';
import { kafkaEngine } from '../doctor/kafka-engine-check.ts';
import { loader, spool } from '../doctor/log-checks.ts';
import { type Found, lookAt } from '../doctor/look-at.ts';
import { clock, diskSpace, nodeVersion, platform, settings } from '../doctor/machine-checks.ts';
import { definitions, server, warehouse } from '../doctor/service-checks.ts';
import { withInstallation } from '../installation/installation.ts';

const BEFORE_DATA: readonly Check[] = [
  nodeVersion,
  platform,
  settings,
  clock,
  diskSpace,
  dataFolder,
  credentials,
  ports,
];
const WITH_DATA: readonly Check[] = [server, spool, loader, definitions, warehouse, assignments, kafkaEngine];

/** `millrace doctor`: what is wrong with this installation, in words. */
export const doctor: Command = {
  summary: 'say what is wrong with this installation, and what to do',
  usage: `Usage: millrace doctor [--json]

Looks at this machine, the settings, the data folder, the spool, the loader, the definitions, the warehouse and the
variants that SDKs gave, and says of each what is wrong and what to do about it. Exits with 1 if something is wrong.

  --json   as JSON
  --data   the data folder
`,
  async run(argv, io) {
    const { values } = parseFlags(argv, { json: { type: 'boolean' } });
    const { config, warnings } = readConfig({ env: io.env, flags: values });
    const paths = dataPaths(config.dataDir);
    return withInstallation({ config, create: true, log: () => {} }, async (installation) => {
      const { run } = installation;
      const context: DoctorContext = { config, warnings, paths, run, installation, now: Date.now };
      const tell = (each: Found) => values.json || io.stdout.write(describe(each));
      const found = await lookAt(BEFORE_DATA, context, tell);
      const folder = found.find(({ name }) => name === dataFolder.name);
      // Without data, to look at the parts would be to make them.
      if (folder?.findings.every(({ severity }) => severity === 'ok')) {
        found.push(...(await lookAt(WITH_DATA, context, tell)));
      }
      io.stdout.write(values.json ? `${JSON.stringify(found, null, 2)}\n` : summarize(found));
      return found.some(({ findings }) => findings.some(({ severity }) => severity === 'error')) ? 1 : 0;
    });
  },
};

function describe({ name, findings }: Found): string {
  return findings
    .map(({ severity, message, fix }) => {
      const line = `${severity.padEnd(7)}  ${name.padEnd(11)}  ${message}\n`;
      return fix && severity !== 'ok' ? `${line}${' '.repeat(22)}-> ${fix}\n` : line;
    })
    .join('');
}

function summarize(found: readonly Found[]): string {
  const all = found.flatMap(({ findings }) => findings);
  const count = (severity: Finding['severity']) =>
    all.filter((finding) => finding.severity === severity).length;
  return `\n${count('error')} errors, ${count('warning')} warnings\n`;
}
