import type { MetricRegistry } from './registry.ts';

/** The figures that every process has, under the names that Prometheus' own libraries give them. */
export function measureProcess(registry: MetricRegistry): void {
  const startedAt = Math.floor(Date.now() / 1000 - process.uptime());
  registry.gauge('process_start_time_seconds', 'When the process began, Unix seconds.', () => [
    { value: startedAt },
  ]);
  registry.gauge('process_resident_memory_bytes', 'Resident memory.', () => [
    { value: process.memoryUsage.rss() },
  ]);
  registry.total('process_cpu_seconds_total', 'User and system time since the process began.', () => {
    const { user, system } = process.cpuUsage();
    return [{ value: (user + system) / 1e6 }];
  });
}
