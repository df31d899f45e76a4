import { spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../lib/run.mjs';
import { KAFKA_JARS } from './kafka-jars.mjs';

const java = (...args) => ['java', '-cp', join(KAFKA_JARS, '*'), ...args];

/** A test's broker holds little and must start fast: one collector thread, no second compiler. */
const JVM = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.awt.headless=true'];

const log4j = (level) => `rootLogger.level = ${level}
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d %p %c{1}: %m%n
`;

function properties({ id, nodes, folder, settings }) {
  const { port, controllerPort } = nodes[id - 1];
  const copies = Math.min(3, nodes.length);
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': nodes
      .map((node, index) => `${index + 1}@127.0.0.1:${node.controllerPort}`)
      .join(','),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(folder, 'data'),
    'default.replication.factor': copies,
    'min.insync.replicas': copies > 1 ? 2 : 1,
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': copies > 1 ? 2 : 1,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': copies > 1 ? 2 : 1,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': false,
    'unclean.leader.election.enable': false,
    // A broker that is killed or stopped is given up after seconds, not half a minute.
    'broker.session.timeout.ms': 6000,
    'replica.lag.time.max.ms': 6000,
    ...settings,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/**
 * Writes one node's configuration and formats its folder.
 * @returns a node that can be started, killed, stopped in its tracks and started again
 */
export async function createKafkaNode({ id, nodes, folder, clusterId, settings, logLevel, onPid }) {
  const config = join(folder, 'server.properties');
  const logFile = join(folder, 'broker.log');
  writeFileSync(config, properties({ id, nodes, folder, settings }));
  writeFileSync(join(folder, 'log4j2.properties'), log4j(logLevel));
  const logging = `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`;
  const format = java(...JVM, logging, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', config);
  const { code, output } = await run(format);
  if (code !== 0) throw new Error(`Kafka's folder could not be formatted:\n${output}`);

  let child;
  let ended = Promise.resolve();

  function signal(name) {
    if (child) process.kill(child.pid, name);
  }

  const node = {
    id,
    port: nodes[id - 1].port,
    address: `127.0.0.1:${nodes[id - 1].port}`,
    logFile,
    /** The process that runs, if one does. */
    pid: () => child?.pid,
    /** Starts the process; it is ready when a client gets an answer. */
    start() {
      if (child) throw new Error(`broker ${id} runs already`);
      const [file, ...args] = java(...JVM, logging, 'kafka.Kafka', config);
      const out = openSync(logFile, 'a');
      const started = spawn(file, args, { stdio: ['ignore', out, out], cwd: folder });
      closeSync(out);
      child = started;
      ended = new Promise((resolve) => {
        const end = () => {
          if (child === started) child = undefined;
          onPid();
          resolve();
        };
        started.once('exit', end);
        started.once('error', end);
      });
      onPid();
    },
    /** kill -9; resolves once the process is gone. */
    async kill() {
      signal('SIGKILL');
      await ended;
    },
    /** SIGSTOP: connections stay open and nothing answers. */
    pause: () => signal('SIGSTOP'),
    /** SIGCONT. */
    resume: () => signal('SIGCONT'),
    /** An orderly stop; resolves once the process is gone. */
    async shutDown() {
      signal('SIGCONT');
      signal('SIGTERM');
      await ended;
    },
  };
  return node;
}
