import { type ReactElement, useEffect, useRef } from 'react';
import './valid-language.ts';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { CHART_SECONDS } from '../../../src/live/live-message.ts';
import { flowOptions } from './flow-options.ts';
import { axisTop, flowSeries } from './flow-series.ts';

interface FlowChartProps {
  perSecond: number[] | null;
  /** Server time of the counts, Unix milliseconds. */
  at: number;
  /** Server clock minus this machine's, in milliseconds. */
  clockOffsetMs: number;
  /** False holds the time axis still. */
  running: boolean;
}

const FRAME_MS = 50;

/** The last minute, one point a second, moving with the server's clock. */
export function FlowChart(props: FlowChartProps): ReactElement {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const still = matchMedia('(prefers-reduced-motion: reduce)');
    let top = 4;
    let plot = draw(element);

    function redraw() {
      plot.destroy();
      plot = draw(element as HTMLDivElement);
    }
    const resized = new ResizeObserver(() => plot.setSize(sizeOf(element)));
    resized.observe(element);
    dark.addEventListener('change', redraw);

    function step() {
      const { perSecond, at, clockOffsetMs, running } = latest.current;
      if (!running || document.hidden) return;
      const now = Date.now() + clockOffsetMs;
      const seconds = still.matches ? Math.floor(now / 1000) : now / 1000;
      const data = perSecond ? flowSeries(perSecond, at) : emptySeries(now);
      top += (axisTop(data[1]) - top) * (still.matches ? 1 : 0.25);
      plot.batch(() => {
        plot.setData(data, false);
        plot.setScale('x', { min: seconds - CHART_SECONDS + 2, max: seconds });
        plot.setScale('y', { min: 0, max: top });
      });
    }
    step();
    const timer = setInterval(step, FRAME_MS);
    return () => {
      clearInterval(timer);
      dark.removeEventListener('change', redraw);
      resized.disconnect();
      plot.destroy();
    };
  }, []);

  return <div className="flow-chart" ref={host} role="img" aria-label="Events per second, last minute" />;
}

function draw(element: HTMLDivElement): uPlot {
  const style = getComputedStyle(element);
  return new uPlot(
    flowOptions(sizeOf(element), (name) => style.getPropertyValue(name)),
    [[], []],
    element,
  );
}

function sizeOf(element: HTMLDivElement): { width: number; height: number } {
  return { width: Math.max(200, element.clientWidth), height: Math.max(100, element.clientHeight) };
}

function emptySeries(now: number): [number[], number[]] {
  const current = Math.floor(now / 1000);
  const xs = Array.from({ length: CHART_SECONDS }, (_, index) => current - CHART_SECONDS + index + 0.5);
  return [xs, xs.map(() => 0)];
}
