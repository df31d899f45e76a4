/** The ClickHouse database that holds everything, and the default for unqualified names. */
export const DATABASE = 'millrace';

/** What the name of a database begins with that `checkWarehouse` makes to compare with, and drops again. */
export const CHECK_DATABASE_PREFIX = 'millrace_check_';
