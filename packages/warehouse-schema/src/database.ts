/** The ClickHouse database that holds everything, and the default for unqualified names. */
export const DATABASE = 'millrace';
