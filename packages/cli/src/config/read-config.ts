import { ConfigError, type ConfigProblem } from './config-error.ts';
import { maskUrl } from './mask-url.ts';
import { nearest } from './nearest.ts';
import type { Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';

type Values = { [Key in keyof typeof SETTINGS]: (typeof SETTINGS)[Key] extends Setting<infer T> ? T : never };

/** The settings in force. */
export interface Config extends Values {
  /** Listens where only this machine can reach it. */
  isLoopback: boolean;
}

/** One setting, as `millrace config` shows it. */
export interface ConfigEntry {
  variable: string;
  /** Masked where it is secret; empty where it is not set. */
  value: string;
  source: 'flag' | 'environment' | 'default' | 'not set';
  fallback: string;
  flag?: string;
  meaning: string;
}

/** What `readConfig` found. */
export interface ReadConfig {
  config: Config;
  entries: ConfigEntry[];
  /** What is probably a mistake, in words: a variable that nothing reads. */
  warnings: string[];
}

/** Where settings come from: flags by their name without dashes, and the environment. A flag wins. */
export interface ConfigSources {
  env: Readonly<Record<string, string | undefined>>;
  flags?: Readonly<Record<string, string | boolean | undefined>>;
}

/**
 * Reads every setting in one place; an empty variable counts as not set. Throws `ConfigError` with all
 * problems at once, each naming the variable and what was expected.
 */
export function readConfig({ env, flags = {} }: ConfigSources): ReadConfig {
  const values: Record<string, unknown> = {};
  const entries: ConfigEntry[] = [];
  const problems: ConfigProblem[] = [];

  for (const [key, setting] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const { text, source } = find(setting, env, flags);
    const value = text === undefined ? '' : shown(setting, text);
    entries.push({
      variable: setting.variable,
      value,
      source,
      fallback: setting.fallback ?? '',
      ...(setting.flag === undefined ? {} : { flag: setting.flag }),
      meaning: setting.meaning,
    });
    if (text === undefined) continue;
    const parsed = setting.parse(text);
    if (parsed.ok) values[key] = parsed.value;
    else problems.push({ variable: nameOf(setting, source), value, expected: parsed.expected });
  }

  // Only a complete set of valid values may be compared with each other.
  if (problems.length > 0) throw new ConfigError(problems);
  const config = { ...(values as unknown as Values) };
  const conflicts = conflictsIn(config);
  if (conflicts.length > 0) throw new ConfigError(conflicts);
  return {
    config: { ...config, isLoopback: isLoopback(config.host) },
    entries,
    warnings: unknownVariables(env),
  };
}

/** Whether an address to listen on can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function find(
  setting: Setting<unknown>,
  env: ConfigSources['env'],
  flags: NonNullable<ConfigSources['flags']>,
): { text: string | undefined; source: ConfigEntry['source'] } {
  const flag = setting.flag === undefined ? undefined : flags[setting.flag];
  if (typeof flag === 'string') return { text: flag, source: 'flag' };
  const text = env[setting.variable]?.trim();
  if (text) return { text, source: 'environment' };
  return { text: setting.fallback, source: setting.fallback === undefined ? 'not set' : 'default' };
}

function shown(setting: Setting<unknown>, text: string): string {
  if (setting.masked === 'all') return '********';
  return setting.masked === 'password' ? maskUrl(text) : text;
}

function nameOf(setting: Setting<unknown>, source: ConfigEntry['source']): string {
  return source === 'flag' ? `--${setting.flag}` : setting.variable;
}

function conflictsIn(config: Values): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const taken = new Map<number, string>();
  for (const key of [
    'port',
    'clickhouseHttpPort',
    'clickhouseTcpPort',
    'definitionsPort',
    'loaderPort',
  ] as const) {
    const { variable } = SETTINGS[key];
    const other = taken.get(config[key]);
    if (other) {
      problems.push({ variable, value: String(config[key]), expected: `another port than ${other}` });
    }
    taken.set(config[key], variable);
  }
  if (config.maxBatchBytes < config.maxEventBytes) {
    problems.push({
      variable: SETTINGS.maxBatchBytes.variable,
      value: String(config.maxBatchBytes),
      expected: `at least ${SETTINGS.maxEventBytes.variable}, which is ${config.maxEventBytes}`,
    });
  }
  if (config.kafkaSasl !== undefined) {
    for (const key of ['kafkaUsername', 'kafkaPassword'] as const) {
      if (config[key] !== undefined) continue;
      const { variable } = SETTINGS[key];
      problems.push({
        variable,
        value: '',
        expected: `a value, because ${SETTINGS.kafkaSasl.variable} is set`,
      });
    }
  }
  return problems;
}

function unknownVariables(env: ConfigSources['env']): string[] {
  const known = Object.values<Setting<unknown>>(SETTINGS).map((setting) => setting.variable);
  return Object.keys(env)
    .filter((name) => name.startsWith('MILLRACE_') && !known.includes(name))
    .sort()
    .map((name) => {
      const meant = nearest(name, known);
      return `${name} is not a setting of Millrace${meant ? `; did you mean ${meant}?` : ''}`;
    });
}
