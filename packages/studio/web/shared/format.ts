const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** "1,234". */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** "1.2M"; exact below 10,000. */
export function formatShort(count: number): string {
  return count < 10_000 ? whole.format(count) : short.format(count);
}

/** A rate: one decimal below 10, none above. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0';
  return perSecond < 9.95 ? tenth.format(perSecond) : whole.format(perSecond);
}

/** A wait in milliseconds: "340 ms", from ten seconds on "12.3 s". */
export function formatWait(ms: number): string {
  return ms < 10_000 ? `${whole.format(ms)} ms` : `${tenth.format(ms / 1000)} s`;
}

/** The reader's own time of day, "14:03:07.125". */
export function formatTime(unixMs: number): string {
  const date = new Date(unixMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

/** "1.4 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${tenth.format(bytes / 1000)} kB`;
  return `${tenth.format(bytes / 1_000_000)} MB`;
}
