import { type AlertHistory, type AlertStore, DefinitionsError } from '@millrace/definitions';
import { type AlertAccess, FieldError, putAlert, testAlert } from '@millrace/studio';
import { createWarehouseClient } from '@millrace/warehouse-schema';
import {
  type Command,
  CommandError,
  type CommandIo,
  chooseAction,
  parseFlags,
  requireArguments,
} from '../command.ts';
import { findProject } from '../definitions/find-project.ts';
import { readText } from '../definitions/read-document.ts';
import { type Installation, withInstallation } from '../installation/installation.ts';
import { formatTable } from '../output/table.ts';
import { projectInsights } from '../processes/project-insights.ts';
import { loadConfig } from './load-config.ts';

interface Asked {
  io: CommandIo;
  alerts: AlertStore;
  place: { projectId: number; alert: string };
  file: string;
  /** Lends what looks at the data; the warehouse is not asked for before. */
  withAccess<T>(use: (access: AlertAccess) => Promise<T>): Promise<T>;
}

/** What an action does; it gives the exit code where that is not 0. */
type Action = (asked: Asked) => Promise<number | undefined>;

const ACTIONS: { [action: string]: { takes: readonly string[]; run: Action } } = {
  list: { takes: [], run: list },
  put: { takes: ['name', 'file'], run: put },
  delete: { takes: ['name'], run: remove },
  test: { takes: ['name'], run: test },
  history: { takes: ['name'], run: history },
};

/** `millrace alert`: the rules that tell a webhook what is wrong with a project's data. */
export const alert: Command = {
  summary: 'list, save, try and delete rules that look at the data and tell a webhook',
  usage: `Usage: millrace alert list
       millrace alert put <name> <file>
       millrace alert delete <name>
       millrace alert test <name>
       millrace alert history <name>

The file of put (- is standard input) is JSON: {"condition": {"kind": "freshness", "minutes": 60}, "webhook": {"url":
"https://hooks.example.com/millrace"}}. Rules are looked at while millrace start runs. put prints the secret with which
messages are signed if it made one, and then never again. test looks at the data and sends one message now; it ends with
1 where that was not delivered. docs/data-quality.md has all conditions.

  --project      the project (default: demo)
  --data         the data folder
`,
  async run([action = '', ...rest], io) {
    const chosen = chooseAction(ACTIONS, action);
    const flags = { project: { type: 'string' } } as const;
    const { values, positionals } = parseFlags(rest, flags, { positionals: chosen.takes });
    requireArguments(action, chosen.takes, positionals);
    const [name = '', file = ''] = positionals;
    const log = (line: string) => io.stderr.write(`${line}\n`);
    return withInstallation({ config: loadConfig(io, values), log }, async (installation) => {
      const store = await installation.definitions();
      const { projectId } = await findProject(store, values.project ?? 'demo');
      const place = { projectId, alert: name };
      try {
        const withAccess = lendAccess(installation, projectId);
        return (await chosen.run({ io, alerts: store.alerts, place, file, withAccess })) ?? 0;
      } catch (error) {
        if (error instanceof DefinitionsError || error instanceof FieldError)
          throw new CommandError(error.message);
        throw error;
      }
    });
  },
};

function lendAccess(installation: Installation, projectId: number): Asked['withAccess'] {
  return async (use) => {
    const { alerts, cohorts } = await installation.definitions();
    const access = await installation.warehouse();
    const [reader, admin] = [createWarehouseClient(access.reader), createWarehouseClient(access.admin)];
    try {
      return await use({
        alerts,
        askInsight: projectInsights(projectId, { access, reader, admin, cohorts }),
        policy: { privateHosts: installation.config.webhookHosts ?? [] },
      });
    } finally {
      await Promise.all([reader.close(), admin.close()]);
    }
  };
}

const momentOf = (date: Date | null) => date?.toISOString().slice(0, 19) ?? '';
const numberOf = (value: number | null) => (value === null ? '' : String(value));
/** Ctrl-C ends the command itself. */
const unending = () => new AbortController().signal;

async function list({ io, alerts, place }: Asked): Promise<undefined> {
  const rows = (await alerts.listAlerts(place.projectId)).map(({ alert: name, rule, status }) => [
    name,
    'enabled' in rule && rule.enabled === false ? 'off' : (status?.state ?? 'unknown'),
    momentOf(status?.since ?? null),
    numberOf(status?.value ?? null),
    status?.summary ?? 'It was not looked at yet.',
  ]);
  if (rows.length === 0) io.stderr.write('there is no alert yet\n');
  else io.stdout.write(formatTable(['NAME', 'STATE', 'SINCE', 'VALUE', 'WHAT'], rows));
}

async function put({ io, place, file, withAccess }: Asked): Promise<undefined> {
  const text = await readText(io, file);
  const { secret } = await withAccess((access) => putAlert(access, place, text, unending()));
  const signed = secret === undefined ? '' : '; its messages are signed with';
  io.stderr.write(`the alert ${place.alert} is saved${signed}\n`);
  if (secret !== undefined) io.stdout.write(`${secret}\n`);
}

async function remove({ io, alerts, place }: Asked): Promise<undefined> {
  await alerts.deleteAlert(place);
  io.stderr.write(`the alert ${place.alert} is deleted\n`);
}

async function test({ io, place, withAccess }: Asked): Promise<number> {
  const { finding, delivery } = await withAccess((access) => testAlert(access, place, unending()));
  io.stdout.write(`${finding.verdict}: ${finding.summary}\n`);
  if (delivery === null) io.stderr.write('nobody is told: it has no webhook\n');
  else if (delivery.delivered) io.stderr.write(`the message was delivered: ${delivery.status}\n`);
  else io.stderr.write(`the message was not delivered: ${delivery.error}\n`);
  return delivery === null || delivery.delivered ? 0 : 1;
}

async function history({ io, alerts, place }: Asked): Promise<undefined> {
  await alerts.readAlert(place);
  const { firings, deliveries } = await alerts.alertHistory(place);
  if (firings.length === 0) {
    io.stderr.write('it has not fired yet\n');
    return;
  }
  const fired = firings.map(({ began, ended, value, summary }) => [
    momentOf(began),
    momentOf(ended),
    numberOf(value),
    summary,
  ]);
  io.stdout.write(formatTable(['BEGAN', 'ENDED', 'VALUE', 'WHAT'], fired));
  if (deliveries.length === 0) return;
  const sent = deliveries.map((one) => [
    momentOf(one.created),
    one.kind,
    String(one.attempts),
    outcomeOf(one),
  ]);
  io.stdout.write(`\n${formatTable(['MESSAGE', 'OF', 'ATTEMPTS', 'OUTCOME'], sent)}`);
}

function outcomeOf({ delivered, givenUp, lastError }: AlertHistory['deliveries'][number]): string {
  if (delivered) return `delivered ${momentOf(delivered)}`;
  const why = lastError === null ? '' : `: ${lastError}`;
  return `${givenUp ? 'given up' : 'waiting'}${why}`;
}
