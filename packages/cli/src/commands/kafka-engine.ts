import {
  createKafkaEngine,
  createWarehouseClient,
  dropKafkaEngine,
  type KafkaEngineOptions,
  migrate,
  planKafkaEngine,
  type WarehouseClient,
} from '@millrace/warehouse-schema';
import { type Command, CommandError, parseFlags, UsageError, wholeNumber } from '../command.ts';
import type { Config } from '../config/read-config.ts';
import { SETTINGS } from '../config/settings.ts';
import { withInstallation } from '../installation/installation.ts';
import { kafkaConnection } from '../start/kafka-connection.ts';
import { loadConfig } from './load-config.ts';

const flags = {
  brokers: { type: 'string' },
  topics: { type: 'string' },
  group: { type: 'string' },
  consumers: { type: 'string' },
  'project-id': { type: 'string' },
  'with-data': { type: 'boolean' },
} as const;

type Flags = { [K in keyof typeof flags]?: string | boolean | undefined };

/** `millrace kafka-engine`: lets ClickHouse consume the topics itself, without a loader. */
export const kafkaEngine: Command = {
  summary: 'let ClickHouse consume Kafka itself, at least once, into tables of its own',
  usage: `Usage: millrace kafka-engine create [--brokers <list>] [--topics <list>] [--group <name>]
                                    [--consumers <n>] [--project-id <n>]
       millrace kafka-engine plan [the same]
       millrace kafka-engine drop [--with-data]

For those who want no loader: ClickHouse's Kafka engine reads the topics into kafka_events, and what is no event into
kafka_rejected with the reason. Rows of the collector and events as SDKs send them are understood. This is at least once:
after a crash or a rebalance rows come again, under the same message_id; kafka_events_once leaves them out, and
millrace doctor says how many there are and how far it is behind. The loader's tables are not touched.

create may run again, with other options too. plan prints the SQL, with the password of MILLRACE_KAFKA_PASSWORD as ***.
drop ends the consuming; its group stays in Kafka, so that a create later goes on there.

  --brokers     as ClickHouse reaches them; KAFKA_BROKERS if not given
  --topics      topics of events; millrace.events if not given
  --group       the consumer group; millrace-kafka-engine if not given
  --consumers   consumers in this ClickHouse, at most one for each partition; 1 if not given
  --project-id  the project of events that name none; 1 if not given
  --with-data   drop kafka_events and kafka_rejected as well
  --data        the data folder
`,
  async run(argv, io) {
    const [action, ...rest] = argv;
    if (action !== 'create' && action !== 'plan' && action !== 'drop') {
      throw new UsageError(`expected create, plan or drop${action ? `, got ${JSON.stringify(action)}` : ''}`);
    }
    const { values } = parseFlags(rest, flags);
    if (values['with-data'] && action !== 'drop') throw new UsageError('--with-data goes with drop only');
    const config = loadConfig(io, values);
    const options = action === 'drop' ? undefined : await optionsOf(values, config);
    const log = (line: string) => io.stderr.write(`${line}\n`);
    return withInstallation({ config, log }, async (installation) => {
      const client = createWarehouseClient((await installation.warehouse()).admin);
      try {
        if (!options) {
          await dropKafkaEngine(client, { data: values['with-data'] ?? false });
          log(
            values['with-data']
              ? 'Dropped, with its tables.'
              : 'Dropped; kafka_events and kafka_rejected stay.',
          );
        } else if (action === 'plan') {
          const secret = options.sasl?.password;
          const text = (await planKafkaEngine(client, { ...options, ...hidden(options) })).join(';\n\n');
          io.stdout.write(`${text};\n`);
          if (secret) log('Put the password in place of ***.');
        } else {
          await migrate({ client });
          await create(client, options);
          log(
            'ClickHouse consumes. See kafka_events_once and kafka_rejected; millrace doctor says how far it is behind.',
          );
          if (config.clickhouseUrl && config.kafkaCaFile) {
            log(
              'Authorities of your own are for ClickHouse to name: <kafka><ssl_ca_location> of its configuration.',
            );
          }
        }
        return 0;
      } finally {
        await client.close();
      }
    });
  },
};

/** ClickHouse's words may quote the statement, which holds the password. */
async function create(client: WarehouseClient, options: KafkaEngineOptions): Promise<void> {
  try {
    await createKafkaEngine(client, options);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new CommandError(words.split(options.sasl?.password ?? '\0').join('***'));
  }
}

function hidden({ sasl }: KafkaEngineOptions): Pick<KafkaEngineOptions, 'sasl'> {
  return sasl ? { sasl: { ...sasl, password: '***' } } : {};
}

async function optionsOf(values: Flags, config: Config): Promise<KafkaEngineOptions> {
  const connection = await kafkaConnection(config);
  const brokers = listOf('brokers', values.brokers, SETTINGS.kafkaBrokers.parse) ?? connection?.brokers;
  if (!brokers) throw new UsageError('no brokers: expected --brokers or KAFKA_BROKERS');
  const consumers = wholeNumber('consumers', textOf(values.consumers), 1);
  const projectId = wholeNumber('project-id', textOf(values['project-id']), 1);
  const group = textOf(values.group);
  if (group === '' || group === 'millrace-loader') {
    throw new UsageError(`--group ${group}: expected a group of its own, not the loader's`);
  }
  const topics = textOf(values.topics)?.split(',');
  if (topics?.some((topic) => !/^[\w.-]{1,249}$/.test(topic))) {
    throw new UsageError(`--topics ${topics}: expected names of topics, with commas between them`);
  }
  return {
    brokers,
    tls: config.kafkaTls === 'on',
    sasl: saslOf(config),
    ...(topics && { topics }),
    ...(group !== undefined && { group }),
    ...(consumers !== undefined && { consumers }),
    ...(projectId !== undefined && { projectId }),
  };
}

function saslOf({
  kafkaSasl: mechanism,
  kafkaUsername: username = '',
  kafkaPassword: password = '',
}: Config) {
  return mechanism && { mechanism, username, password };
}

const textOf = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);

function listOf(
  flag: string,
  value: string | boolean | undefined,
  parse: typeof SETTINGS.kafkaBrokers.parse,
) {
  const text = textOf(value);
  if (text === undefined) return undefined;
  const parsed = parse(text);
  if (parsed.ok && parsed.value) return parsed.value;
  throw new UsageError(`--${flag} ${text}: expected ${parsed.ok ? 'a list' : parsed.expected}`);
}
