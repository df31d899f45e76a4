import uPlot from 'uplot';

/** How the flow chart looks; `color` reads a custom property of the page. */
export function flowOptions(
  size: { width: number; height: number },
  color: (name: string) => string,
): uPlot.Options {
  const font = '12px system-ui, sans-serif';
  const axis = {
    stroke: color('--ink-faint'),
    font,
    ticks: { show: false },
  };
  return {
    ...size,
    padding: [12, 14, 0, 0],
    cursor: { show: false },
    legend: { show: false },
    scales: { x: { time: true, auto: false }, y: { auto: false } },
    axes: [
      {
        ...axis,
        size: 26,
        space: 90,
        grid: { show: false },
        splits: (_plot, _axis, min, max) => everyFifteenSeconds(min, max),
        values: (_plot, splits) => splits.map(clockTime),
      },
      {
        ...axis,
        size: 46,
        space: 44,
        grid: { stroke: color('--line'), width: 1 },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5],
        values: (_plot, splits) => splits.map((value) => value.toLocaleString('en-US')),
      },
    ],
    series: [
      {},
      {
        stroke: color('--water-bright'),
        width: 2.5,
        points: { show: false },
        paths: uPlot.paths.spline?.(),
        fill: (plot) => water(plot, color('--water-bright')),
      },
    ],
    hooks: { draw: [(plot) => drawHead(plot, color('--water-bright'))] },
  } as uPlot.Options;
}

function water(plot: uPlot, color: string): CanvasGradient {
  const { top, height } = plot.bbox;
  const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height);
  gradient.addColorStop(0, withAlpha(color, 0.42));
  gradient.addColorStop(1, withAlpha(color, 0.04));
  return gradient;
}

/** Marks where the stream has got to. */
function drawHead(plot: uPlot, color: string): void {
  const x = plot.data[0].at(-1);
  const y = plot.data[1]?.at(-1);
  if (x == null || y == null) return;
  const { ctx } = plot;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.beginPath();
  ctx.arc(plot.valToPos(x, 'x', true), plot.valToPos(y, 'y', true), 4 * ratio, 0, 2 * Math.PI);
  ctx.fillStyle = color;
  ctx.shadowColor = color;
  ctx.shadowBlur = 10 * ratio;
  ctx.fill();
  ctx.restore();
}

function withAlpha(hex: string, alpha: number): string {
  return `${hex.trim()}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0')}`;
}

function everyFifteenSeconds(min: number, max: number): number[] {
  const splits: number[] = [];
  // A label at the very edge would be cut off.
  for (let second = Math.ceil((min + 4) / 15) * 15; second <= max - 4; second += 15) splits.push(second);
  return splits;
}

function clockTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toLocaleTimeString('en-GB');
}
