import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { LiveFigures } from '../../src/live/live-message.ts';
import { CountsCard } from './counts/counts-card.tsx';
import { initialLiveState, type LiveState } from './data/live-store.ts';
import { FlowCard } from './flow/flow-card.tsx';
import { StreamCard } from './stream/stream-card.tsx';

// A canvas, which only a browser has.
vi.mock('./flow/flow-chart.tsx', () => ({ FlowChart: () => null }));

const QUIET: LiveFigures = {
  at: 0,
  perSecond: Array.from({ length: 60 }, () => 0),
  totals: { events: 0, people: 0 },
  counts: [],
  clickToVisible: null,
  receivedToVisible: null,
};

function render(change: Partial<LiveState>): string {
  const live: LiveState = { ...initialLiveState, connection: 'live', ...change };
  return [
    createElement(FlowCard, { live, rate: 0 }),
    createElement(CountsCard, { figures: live.figures }),
    createElement(StreamCard, { live }),
  ]
    .map((card) => renderToStaticMarkup(card))
    .join('');
}

const NOTHING = ['Nothing has arrived yet', 'Quiet for a minute'];

describe('a page whose figures are not known', () => {
  it.each([
    ['the warehouse is away since before it was opened', { trouble: 'away' }],
    ['no figures have come yet', {}],
    ['the server is not reached', { connection: 'connecting' as const }],
    ['the warehouse went away after a quiet minute', { figures: QUIET, trouble: 'away' }],
    ['the server went away after a quiet minute', { figures: QUIET, connection: 'lost' as const }],
  ])('does not say that nothing happened: %s', (_, change) => {
    const html = render(change);
    for (const claim of NOTHING) expect(html).not.toContain(claim);
    expect(html).toContain('what has arrived is not known');
  });

  it('shows no figure before the first ones', () => {
    const html = render({ trouble: 'away' });
    expect(html).toContain('Not known yet');
    expect(html).toContain('The counts are not known yet.');
    expect(html).not.toContain('measured on the next event');
    expect(html).not.toMatch(/<strong[^>]*>\d/);
  });
});

it('a warehouse that answers, and has nothing, is said to have nothing', () => {
  const html = render({ figures: QUIET });
  for (const claim of NOTHING) expect(html).toContain(claim);
  expect(html).not.toContain('not known');
});
