import type { ReactElement } from 'react';
import type { LiveState } from './data/live-store.ts';
import './trouble-notice.css';

interface TroubleNoticeProps {
  connection: LiveState['connection'];
  trouble: string | null;
}

/** Says in words what does not work now, and what becomes of events meanwhile. */
export function TroubleNotice({ connection, trouble }: TroubleNoticeProps): ReactElement | null {
  if (connection === 'lost') {
    return (
      <p className="trouble" role="alert">
        <strong>The server does not answer.</strong> Trying again; what you see is from before. SDKs keep
        their events and send them later.
      </p>
    );
  }
  if (trouble) {
    return (
      <p className="trouble" role="alert">
        <strong>No new figures.</strong> {trouble} Events that arrive meanwhile are kept in the log.
      </p>
    );
  }
  return null;
}
