import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres } from '../scripts/services/find-postgres.mjs';
import { type PostgresService, startPostgres } from '../scripts/services/postgres.mjs';
import { freePorts } from './support/free-ports.mjs';
import { startMillrace } from './support/millrace.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const SLOW_MS = 180_000;

// Without Docker: the very commands of the Dockerfile that make /app, over another folder.
describe.skipIf(!findPostgres())('what the image holds', () => {
  let folder: string;
  let app: string;
  let postgres: PostgresService;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-image-'));
    app = join(folder, 'app');
    postgres = await startPostgres();
    const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
    const commands = [...dockerfile.matchAll(/^RUN (.*\/app.*)$/gm)].map(([, command = '']) => command);
    expect(commands).toHaveLength(2);
    for (const command of commands) {
      await run('bash', ['-c', command.replaceAll('/app', app)], { cwd: root });
    }
  }, SLOW_MS);

  afterAll(async () => {
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is small, since the embedded ClickHouse is not in it', async () => {
    const { stdout } = await run('du', ['-sm', app]);
    expect(Number.parseInt(stdout, 10)).toBeLessThan(100);
    expect((await readdir(join(app, 'node_modules/.pnpm'))).join('\n')).not.toMatch(/chdb|ffi-rs/);
  });

  it('says what is missing where it is started without a ClickHouse', async () => {
    const started = run(process.execPath, [join(app, 'bin/millrace.mjs'), 'start'], {
      // The one of whoever runs the tests would lend it packages.
      env: { ...process.env, NODE_PATH: '', MILLRACE_DATA: join(folder, 'none') },
    });
    await expect(started).rejects.toMatchObject({ stderr: expect.stringContaining('CLICKHOUSE_URL') });
  });

  it(
    'starts a collector that is ready, and stops it in order',
    async () => {
      const [port = 0] = await freePorts(1);
      const collector = await startMillrace({
        dataDir: folder,
        main: join(app, 'bin/millrace.mjs'),
        args: ['--only', 'collector'],
        env: {
          ...process.env,
          PORT: String(port),
          MILLRACE_DATA: join(folder, 'data'),
          CLICKHOUSE_URL: 'http://admin:password@127.0.0.1:1',
          DATABASE_URL: postgres.url,
        },
      });
      expect((await fetch(`${collector.url}/readyz`)).status).toBe(200);
      expect((await fetch(`${collector.url}/millrace.js`)).status).toBe(200);
      await collector.stop();
    },
    SLOW_MS,
  );
});
