import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepareDefinitions } from './prepare-definitions.ts';

/** Nobody listens there: a port below 1024 that no service here has. */
const options = {
  connectionString: 'postgres://user:secret@127.0.0.1:9/millrace',
  snapshotFile: join(tmpdir(), 'millrace-no-such-snapshot.json'),
  isLoopback: true,
  log: () => {},
};

it('names the setting where the PostgreSQL outside does not answer, and not the password', async () => {
  const failure = prepareDefinitions({ ...options, isOutside: true });
  await expect(failure).rejects.toMatchObject({
    code: 'preflight',
    message: 'The PostgreSQL of DATABASE_URL cannot be used: connect ECONNREFUSED 127.0.0.1:9.',
    remedy: expect.stringContaining('password'),
  });
  await expect(failure).rejects.not.toThrow('secret');
});
