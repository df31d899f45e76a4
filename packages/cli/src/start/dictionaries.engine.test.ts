import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTemplate } from '../../../definitions/scripts/build-template.mjs';
import {
  buildDefinitionsChild,
  startDefinitionsChild,
} from '../../../definitions/src/testing/start-definitions-child.ts';
import { describeDictionaries } from '../testing/describe-dictionaries.ts';

describeDictionaries('PGlite', async () => {
  await buildTemplate();
  await buildDefinitionsChild();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-dictionaries-'));
  const { connectionString, kill, process: child } = await startDefinitionsChild(folder);
  return {
    connectionString,
    kill,
    async close() {
      if (child.exitCode === null && child.signalCode === null) await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
