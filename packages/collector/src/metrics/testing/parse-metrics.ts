/** For tests: one metric family as Prometheus' text format 0.0.4 has it. */
export interface MetricFamily {
  type: string;
  help: string;
  /** Values by the name and labels as written, such as `x_bucket{le="1"}`. */
  samples: Map<string, number>;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(`^((${NAME})(?:\\{${LABEL}(?:,${LABEL})*\\})?) (\\S+)$`);
const META = new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`);
const TYPES = ['counter', 'gauge', 'histogram'];

/** For tests: reads metrics strictly; throws at the first line that the format does not allow. */
export function parseMetrics(text: string): Map<string, MetricFamily> {
  const families = new Map<string, MetricFamily>();
  let [current, name]: [MetricFamily | undefined, string] = [undefined, ''];
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, of = '', rest = ''] = META.exec(line) ?? [];
    if (kind === 'HELP') {
      if (families.has(of)) throw new Error(`${of} comes twice`);
      [current, name] = [{ type: '', help: rest, samples: new Map() }, of];
      families.set(of, current);
    } else if (kind === 'TYPE') {
      if (!current || of !== name || !TYPES.includes(rest)) throw new Error(`a type out of place: ${line}`);
      current.type = rest;
    } else addSample(line, name, current);
  }
  for (const [of, family] of families) if (family.type === 'histogram') checkBuckets(of, family);
  return families;
}

function addSample(line: string, name: string, family: MetricFamily | undefined): void {
  const [, key = '', of = '', value = ''] = SAMPLE.exec(line) ?? [];
  if (!family || key === '') throw new Error(`not a sample: ${line}`);
  const suffix = family.type === 'histogram' ? of.replace(/_(bucket|sum|count)$/, '') : of;
  if (suffix !== name) throw new Error(`a sample of another metric than ${name}: ${line}`);
  if (family.samples.has(key)) throw new Error(`${key} comes twice`);
  if (Number.isNaN(Number(value))) throw new Error(`not a number: ${line}`);
  family.samples.set(key, Number(value));
}

function checkBuckets(name: string, { samples }: MetricFamily): void {
  const buckets = [...samples].filter(([key]) => key.startsWith(`${name}_bucket`)).map(([, value]) => value);
  const isGrowing = buckets.every((value, index) => index === 0 || value >= (buckets[index - 1] ?? 0));
  if (!isGrowing || buckets.at(-1) !== samples.get(`${name}_count`)) throw new Error(`buckets of ${name}`);
  if (samples.get(`${name}_bucket{le="+Inf"}`) === undefined) throw new Error(`${name} has no last bucket`);
}
