import { type ReactElement, useCallback, useState } from 'react';
import type { LiveEvent } from '../../../src/live/live-message.ts';
import type { LiveState } from '../data/live-store.ts';
import './stream-card.css';
import { StreamRow } from './stream-row.tsx';

/** The last events as they arrive. It holds still while an event is open or it is paused. */
export function StreamCard({ live }: { live: LiveState }): ReactElement {
  const [openId, setOpenId] = useState<string | null>(null);
  const [held, setHeld] = useState<LiveEvent[] | null>(null);
  const shown = held ?? live.events;
  const waiting = held ? countNewer(live.events, held) : 0;

  const toggle = useCallback(
    (id: string) => {
      setOpenId((open) => (open === id ? null : id));
      setHeld((now) => now ?? live.events);
    },
    [live.events],
  );
  function release() {
    setHeld(null);
    setOpenId(null);
  }

  return (
    <section className="card stream-card" aria-label="Last events">
      <div className="card-head">
        <h2>Last events</h2>
        <span className="hint">{held ? `held${waiting ? `, ${waiting}+ new` : ''}` : 'as they arrive'}</span>
        {shown.length > 0 && (
          <div className="actions">
            <button
              type="button"
              className={held ? 'button primary' : 'button'}
              onClick={() => (held ? release() : setHeld(live.events))}
            >
              {held ? 'Resume' : 'Pause'}
            </button>
          </div>
        )}
      </div>
      {shown.length > 0 ? (
        <ul className="stream">
          {shown.map((event) => (
            <StreamRow
              key={event.id}
              event={event}
              fresh={!held && live.fresh.has(event.id)}
              open={openId === event.id}
              onToggle={toggle}
            />
          ))}
        </ul>
      ) : (
        <EmptyStream live={live} />
      )}
    </section>
  );
}

function EmptyStream({ live }: { live: LiveState }): ReactElement {
  const waitsFor = live.connection !== 'live' ? 'server' : 'warehouse';
  // Only figures, and no trouble since, say that there is nothing.
  if (waitsFor === 'server' || live.trouble !== null || !live.figures) {
    return (
      <div className="stream-empty">
        <p>Waiting for the {waitsFor}: what has arrived is not known.</p>
      </div>
    );
  }
  return (
    <div className="stream-empty">
      <svg viewBox="0 0 120 40" aria-hidden="true">
        <path d="M2 12c10-9 19-9 29 0s19 9 29 0 19-9 29 0 19 9 29 0" />
        <path d="M2 26c10-9 19-9 29 0s19 9 29 0 19-9 29 0 19 9 29 0" />
      </svg>
      <p>
        <strong>Nothing has arrived yet.</strong>
      </p>
      <p>Put something into the cart of the demo shop: it shows up here within a second.</p>
    </div>
  );
}

function countNewer(events: LiveEvent[], held: LiveEvent[]): number {
  const newest = held[0]?.id;
  const index = events.findIndex((event) => event.id === newest);
  return index < 0 ? events.length : index;
}
