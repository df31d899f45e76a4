import { createDatabase } from '../testing/create-database.ts';
import { describeStore } from '../testing/describe-store.ts';

describeStore('PostgreSQL', () => createDatabase());
