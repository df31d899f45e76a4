/** Names and values that tell one series of a metric from another. */
type Labels = Readonly<Record<string, string | number>>;

/** A figure that only grows while the process lives. */
interface Counter {
  add(by?: number, labels?: Labels): void;
}

/** How often values of which size were seen. */
interface Histogram {
  observe(value: number): void;
}

/** One value of a gauge, as it is now. */
export interface Sample {
  labels?: Labels;
  value: number;
}

/** The figures of one process, for Prometheus. Names are those of its conventions: base units, `_total`. */
export interface MetricRegistry {
  /** `labels` are those of the series that are there, at 0, before anything is added. */
  counter(name: string, help: string, labels?: Labels[]): Counter;
  /** `bounds`: the upper ends of the buckets, growing. */
  histogram(name: string, help: string, bounds: readonly number[]): Histogram;
  /** `read` is called at each rendering; what it throws leaves the metric out. */
  gauge(name: string, help: string, read: () => Sample[]): void;
  /** A counter whose value someone else keeps. */
  total(name: string, help: string, read: () => Sample[]): void;
  /** All of them in Prometheus' text format, version 0.0.4. */
  render(): string;
}

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

type Line = { suffix?: string; labels?: Labels | undefined; value: number };

/** Adding is an addition, so that it costs the hot path nothing; everything else is done when someone asks. */
export function createRegistry(): MetricRegistry {
  const metrics = new Map<string, { type: string; help: string; lines: () => Line[] }>();

  function register(name: string, type: string, help: string, lines: () => Line[]): void {
    if (metrics.has(name)) throw new Error(`the metric ${name} is there already`);
    metrics.set(name, { type, help, lines });
  }

  return {
    counter(name, help, labels = []) {
      const series = new Map<string, Line & { value: number }>();
      const seriesOf = (of?: Labels) => {
        const key = labelText(of);
        let found = series.get(key);
        if (!found) {
          found = { labels: of, value: 0 };
          series.set(key, found);
        }
        return found;
      };
      for (const of of labels) seriesOf(of);
      register(name, 'counter', help, () => [...series.values()]);
      return {
        add(by = 1, of) {
          seriesOf(of).value += by;
        },
      };
    },
    histogram(name, help, bounds) {
      const counts = bounds.map(() => 0);
      let [count, sum] = [0, 0];
      register(name, 'histogram', help, () => {
        let below = 0;
        const buckets = bounds.map((le, bucket): Line => {
          below += counts[bucket] ?? 0;
          return { suffix: '_bucket', labels: { le }, value: below };
        });
        return [
          ...buckets,
          { suffix: '_bucket', labels: { le: '+Inf' }, value: count },
          { suffix: '_sum', value: sum },
          { suffix: '_count', value: count },
        ];
      });
      return {
        observe(value) {
          count += 1;
          sum += value;
          const bucket = bounds.findIndex((le) => value <= le);
          if (bucket >= 0) counts[bucket] = (counts[bucket] ?? 0) + 1;
        },
      };
    },
    gauge: (name, help, read) => register(name, 'gauge', help, read),
    total: (name, help, read) => register(name, 'counter', help, read),
    render() {
      return [...metrics].map(([name, metric]) => rendered(name, metric)).join('');
    },
  };
}

function rendered(
  name: string,
  { type, help, lines }: { type: string; help: string; lines: () => Line[] },
): string {
  let found: Line[];
  try {
    found = lines();
  } catch {
    return '';
  }
  const text = found.map(
    ({ suffix = '', labels, value }) => `${name}${suffix}${labelText(labels)} ${value}\n`,
  );
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `# HELP ${name} ${escaped}\n# TYPE ${name} ${type}\n${text.join('')}`;
}

function labelText(labels: Labels = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
