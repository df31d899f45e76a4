export function embeddedMigrations(): Promise<string>;
