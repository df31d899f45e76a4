import { openEmbeddedDefinitions } from '@millrace/definitions';
import { runChild } from './child.ts';
import { stderrLogger } from './stderr-logger.ts';

/** What the definitions process is told. */
export interface DefinitionsSettings {
  dataDir: string;
  port: number;
}

/** What it says when it answers. */
export interface DefinitionsInfo {
  connectionString: string;
  port: number;
  repaired?: string;
}

runChild<DefinitionsSettings, DefinitionsInfo>(async ({ dataDir, port }) => {
  const log = stderrLogger('definitions');
  const definitions = await openEmbeddedDefinitions({ dataDir, port, log: (line) => log.info(line) });
  void definitions.failed.then((error) => {
    log.error('the definitions no longer answer; ending, to be opened again', { error: error.message });
    process.exit(1);
  });
  const { connectionString, repaired } = definitions;
  return {
    info: { connectionString, port: definitions.port, ...(repaired ? { repaired } : {}) },
    stop: () => definitions.close(),
  };
});
