import type { ReactElement } from 'react';
import type { LiveFigures } from '../../../src/live/live-message.ts';
import { formatCount } from '../../shared/format.ts';
import { useRise } from '../use-rise.ts';
import './counts-card.css';

const GHOST_WIDTHS = [92, 61, 44, 23];

/** Counts by event, as the materialized view has them. */
export function CountsCard({ figures }: { figures: LiveFigures | null }): ReactElement {
  const counts = figures?.counts ?? [];
  const most = Math.max(1, ...counts.map((count) => count.events));
  return (
    <section className="card counts-card" aria-label="Counts by event">
      <div className="card-head">
        <h2>Counts by event</h2>
        <span className="hint">materialized view</span>
      </div>
      {counts.length > 0 ? (
        <ol className="counts">
          {counts.map((count) => (
            <CountRow
              key={count.event}
              event={count.event}
              events={count.events}
              share={count.events / most}
            />
          ))}
        </ol>
      ) : (
        <div className="counts-empty">
          {GHOST_WIDTHS.map((width) => (
            <span key={width} className="ghost" style={{ width: `${width}%` }} />
          ))}
          <p>{figures ? 'Each event name gets a bar here.' : 'The counts are not known yet.'}</p>
        </div>
      )}
    </section>
  );
}

function CountRow({ event, events, share }: { event: string; events: number; share: number }): ReactElement {
  const rises = useRise(events);
  return (
    <li className="count-row">
      <span className="name" title={event}>
        {event}
      </span>
      <span className="number" data-testid={`count-${event}`}>
        {formatCount(events)}
      </span>
      <span className="track" aria-hidden="true">
        <span className="bar" style={{ width: `${Math.max(share * 100, 0.6)}%` }}>
          {rises > 0 && <span key={rises} className="rise" />}
        </span>
      </span>
    </li>
  );
}
