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
        <circle cx="16" cy="14" r="7.4" />
        <path d="M23.4 14L26.8 19.3M22 18.3L21.6 24.6M18.3 21L14.3 25.9M13.7 21L7.7 22.6M10 18.3L4.2 16.1M8.6 14L5.2 8.7M10 9.7L10.4 3.4M13.7 7L17.7 2.1M18.3 7L24.3 5.4M22 9.7L27.8 11.9" />
        <circle className="hub" cx="16" cy="14" r="2.4" />
      </g>
      <path className="race" d="M2 27.5c3-2.6 5.4-2.6 8.4 0s5.4 2.6 8.4 0 5.4-2.6 8.4 0l2.8 1.8" />
    </svg>
  );
}
