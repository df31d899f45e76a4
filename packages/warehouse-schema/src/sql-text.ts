/** A value as a string literal of ClickHouse's SQL, for the places that take no parameter: engines and dictionaries. */
export function sqlText(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
