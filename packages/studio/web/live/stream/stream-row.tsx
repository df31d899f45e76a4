import { memo, type ReactElement, useId } from 'react';
import type { LiveEvent } from '../../../src/live/live-message.ts';
import { formatTime } from '../../shared/format.ts';
import { JsonView } from './json-view.tsx';
import { summarizeEvent, whoOf } from './summarize-event.ts';

interface StreamRowProps {
  event: LiveEvent;
  fresh: boolean;
  open: boolean;
  onToggle(id: string): void;
}

/** One event of the stream; opens into all that is stored of it. */
export const StreamRow = memo(function StreamRow({
  event,
  fresh,
  open,
  onToggle,
}: StreamRowProps): ReactElement {
  const detailId = useId();
  const who = whoOf(event);
  return (
    <li className="stream-row" data-fresh={fresh} data-testid="stream-row" data-event={event.event}>
      <button
        type="button"
        className="stream-line"
        aria-expanded={open}
        aria-controls={open ? detailId : undefined}
        onClick={() => onToggle(event.id)}
      >
        <time dateTime={new Date(event.receivedAt).toISOString()}>{formatTime(event.receivedAt)}</time>
        <span className="event-name" data-kind={kindOf(event)}>
          {event.event}
        </span>
        <span className="who" data-known={who.known} title={event.userId || event.anonymousId}>
          {who.text}
        </span>
        <span className="summary">
          {summarizeEvent(event).map((property) => (
            <span key={property.name} title={property.name}>
              {property.value}
            </span>
          ))}
        </span>
        <span className="chevron" aria-hidden="true" />
      </button>
      {open && (
        <div id={detailId} className="stream-detail">
          <JsonView value={storedOf(event)} />
        </div>
      )}
    </li>
  );
});

function kindOf(event: LiveEvent): 'page' | 'person' | 'revenue' | 'track' {
  if (event.type === 'page' || event.type === 'screen') return 'page';
  if (event.type !== 'track') return 'person';
  return typeof event.properties.revenue === 'number' ? 'revenue' : 'track';
}

function storedOf(event: LiveEvent): Record<string, unknown> {
  const { id: _, columns, timestamp, receivedAt, properties, traits, ...rest } = event;
  const filled = Object.entries(rest).filter(([, value]) => value !== '');
  return {
    ...Object.fromEntries(filled),
    timestamp: new Date(timestamp).toISOString(),
    receivedAt: new Date(receivedAt).toISOString(),
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(Object.keys(traits).length > 0 && { traits }),
    ...columns,
  };
}
