import type { CommandIo } from '../command.ts';
import { type Config, type ConfigSources, readConfig } from '../config/read-config.ts';

/** The settings in force, with what is probably a mistake said on standard error. */
export function loadConfig(io: CommandIo, flags: NonNullable<ConfigSources['flags']>): Config {
  const { config, warnings } = readConfig({ env: io.env, flags });
  for (const warning of warnings) io.stderr.write(`warning: ${warning}\n`);
  return config;
}
