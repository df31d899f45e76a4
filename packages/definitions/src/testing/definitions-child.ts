import { openEmbeddedDefinitions } from '../embedded/open-embedded-definitions.ts';

/** For tests: a process that holds the definitions of the folder in its first argument until it is killed. */
const definitions = await openEmbeddedDefinitions({ dataDir: process.argv[2] ?? '', port: 0 });
process.send?.({ connectionString: definitions.connectionString, repaired: definitions.repaired });
process.once('disconnect', () => void definitions.close());
