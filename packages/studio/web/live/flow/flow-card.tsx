import type { ReactElement } from 'react';
import type { Latency, LiveFigures } from '../../../src/live/live-message.ts';
import { formatCount, formatRate, formatWait } from '../../shared/format.ts';
import type { LiveState } from '../data/live-store.ts';
import { FlowChart } from './flow-chart.tsx';
import './flow-card.css';

/** Events per second, its last minute, and what is stored. */
export function FlowCard({ live, rate }: { live: LiveState; rate: number }): ReactElement {
  const { figures } = live;
  const latency = figures?.clickToVisible ?? figures?.receivedToVisible ?? null;
  const stale = live.connection !== 'live' || live.trouble !== null;
  return (
    <section className="card flow-card" data-stale={stale} aria-label="Flow of events">
      <div className="flow-top">
        <div className="flow-rate">
          <p className="figure" data-testid="events-per-second">
            {figures ? formatRate(rate) : '–'}
          </p>
          <p className="unit">events per second</p>
          <p className="note" data-testid="last-minute">
            {minuteNote(figures, stale)}
          </p>
        </div>
        <FlowChart
          perSecond={figures?.perSecond ?? null}
          at={figures?.at ?? 0}
          clockOffsetMs={live.clockOffsetMs}
          running={!stale}
        />
      </div>
      <dl className="flow-figures">
        <Figure label="Events stored" testId="total-events" note="each exactly once">
          {figures ? formatCount(figures.totals.events) : '–'}
        </Figure>
        <Figure label="People seen" testId="total-people" note="distinct ids">
          {figures ? formatCount(figures.totals.people) : '–'}
        </Figure>
        <Figure
          label={latency && !figures?.clickToVisible ? 'Received to visible' : 'Click to visible'}
          testId="latency"
          note={figures ? latencyNote(latency) : 'not known yet'}
        >
          {latency ? formatWait(latency.p50) : '–'}
        </Figure>
      </dl>
    </section>
  );
}

interface FigureProps {
  label: string;
  note: string;
  testId: string;
  children: string;
}

function Figure({ label, note, testId, children }: FigureProps): ReactElement {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <strong data-testid={testId}>{children}</strong>
        <span>{note}</span>
      </dd>
    </div>
  );
}

function minuteNote(figures: LiveFigures | null, stale: boolean): string {
  if (!figures) return 'Not known yet';
  if (stale) return 'When last known';
  const lastMinute = figures.perSecond.reduce((sum, count) => sum + count, 0);
  return lastMinute > 0 ? `${formatCount(lastMinute)} in the last minute` : 'Quiet for a minute';
}

function latencyNote(latency: Latency | null): string {
  if (!latency) return 'measured on the next event';
  return `median of ${formatCount(latency.samples)}, p95 ${formatWait(latency.p95)}`;
}
