import { createDatabase } from '../testing/create-database.ts';
import { describeAlerts } from '../testing/describe-alerts.ts';
import { describeCohorts } from '../testing/describe-cohorts.ts';
import { describeHistory } from '../testing/describe-history.ts';
import { describeStore } from '../testing/describe-store.ts';
import { describeSuppressions } from '../testing/describe-suppressions.ts';

describeAlerts('PostgreSQL', () => createDatabase());
describeStore('PostgreSQL', () => createDatabase());
describeHistory('PostgreSQL', () => createDatabase());
describeCohorts('PostgreSQL', () => createDatabase());
describeSuppressions('PostgreSQL', () => createDatabase());
