import type { ReactElement } from 'react';
import type { StudioInfo } from '../../src/studio.ts';
import { WheelLogo } from '../shared/wheel-logo.tsx';
import type { LiveState } from './data/live-store.ts';
import './page-header.css';

interface PageHeaderProps {
  connection: LiveState['connection'];
  trouble: string | null;
  rate: number;
  info: StudioInfo | undefined;
}

/** The name, how the server is, and where it answers. */
export function PageHeader({ connection, trouble, rate, info }: PageHeaderProps): ReactElement {
  const status = statusOf(connection, trouble);
  return (
    <header className="page-header">
      <WheelLogo turnSeconds={turnSeconds(rate)} />
      <h1>Millrace</h1>
      <p className="status" role="status" data-tone={status.tone} data-testid="status">
        <span className="dot" aria-hidden="true" />
        {status.text}
      </p>
      {info && <p className="address">{info.publicUrl}</p>}
    </header>
  );
}

/** The wheel turns with the stream: slowly for a trickle, never faster than the eye likes. */
function turnSeconds(rate: number): number {
  return rate > 0 ? Math.max(1.2, 14 / (1 + Math.log2(1 + rate))) : 0;
}

function statusOf(connection: LiveState['connection'], trouble: string | null) {
  if (connection === 'lost') return { tone: 'bad', text: 'Disconnected' };
  if (connection !== 'live') return { tone: 'wait', text: 'Connecting' };
  return trouble ? { tone: 'wait', text: 'Warehouse away' } : { tone: 'good', text: 'Live' };
}
