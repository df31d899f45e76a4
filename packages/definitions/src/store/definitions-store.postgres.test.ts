import { createDatabase } from '../testing/create-database.ts';
import { describeCohorts } from '../testing/describe-cohorts.ts';
import { describeHistory } from '../testing/describe-history.ts';
import { describeStore } from '../testing/describe-store.ts';

describeStore('PostgreSQL', () => createDatabase());
describeHistory('PostgreSQL', () => createDatabase());
describeCohorts('PostgreSQL', () => createDatabase());
