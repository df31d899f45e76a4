import { createDatabase } from '../testing/create-database.ts';
import { describeHistory } from '../testing/describe-history.ts';
import { describeStore } from '../testing/describe-store.ts';

describeStore('PostgreSQL', () => createDatabase());
describeHistory('PostgreSQL', () => createDatabase());
