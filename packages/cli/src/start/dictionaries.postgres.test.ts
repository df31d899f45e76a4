import { startPostgres } from '../../../../scripts/services/postgres.mjs';
import { describeDictionaries } from '../testing/describe-dictionaries.ts';

describeDictionaries('PostgreSQL', async () => {
  // One of its own, to be killed.
  const postgres = await startPostgres();
  return {
    connectionString: postgres.url,
    kill: () => postgres.kill('SIGKILL'),
    close: () => postgres.stop(),
  };
});
