import type { ReactElement } from 'react';
import './wheel-logo.css';

/** The mill wheel over its race; it turns once every `turnSeconds`, and rests at 0. */
export function WheelLogo({ turnSeconds = 0 }: { turnSeconds?: number }): ReactElement {
  const turning = turnSeconds > 0;
  return (
    <svg className="wheel-logo" viewBox="0 0 32 32" aria-hidden="true">
      <g
        className="wheel"
        style={{
          animationDuration: `${turning ? turnSeconds : 8}s`,
          animationPlayState: turning ? 'running' : 'paused',
        }}
      >
        <circle cx="16" cy="13" r="6.4" />
        <path d="M16 10.4V3M16 15.6V23M13.4 13H6M18.6 13H26M14.2 11.2 8.9 5.9M17.8 14.8l5.3 5.3M17.8 11.2l5.3-5.3M14.2 14.8l-5.3 5.3" />
        <circle className="hub" cx="16" cy="13" r="1.7" />
      </g>
      <path className="race" d="M2 27c3-2.6 5.5-2.6 8.5 0s5.5 2.6 8.5 0 5.5-2.6 8.5 0 2 1.3 2.5 1.6" />
    </svg>
  );
}
