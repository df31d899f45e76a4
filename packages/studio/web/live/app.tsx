import type { ReactElement } from 'react';
import { TokenPrompt } from './access/token-prompt.tsx';
import './app.css';
import { CountsCard } from './counts/counts-card.tsx';
import { useInfo } from './data/use-info.ts';
import { retryLive, useLive } from './data/use-live.ts';
import { FlowCard } from './flow/flow-card.tsx';
import { meanRate } from './flow/flow-series.ts';
import { PageHeader } from './page-header.tsx';
import { SendCard } from './send/send-card.tsx';
import { ShopFrame } from './shop-frame/shop-frame.tsx';
import { SqlCard } from './sql/sql-card.tsx';
import { StreamCard } from './stream/stream-card.tsx';
import { TroubleNotice } from './trouble-notice.tsx';

/** The live page. */
export function App(): ReactElement {
  const live = useLive();
  const info = useInfo();

  if (live.connection === 'denied' && live.denial) {
    const retry = () => {
      retryLive();
      void info.refetch();
    };
    return <TokenPrompt denial={live.denial} onToken={retry} />;
  }
  const rate = live.figures ? meanRate(live.figures.perSecond) : 0;
  return (
    <div className="page" data-connection={live.connection}>
      <PageHeader connection={live.connection} trouble={live.trouble} rate={rate} info={info.data} />
      <TroubleNotice connection={live.connection} trouble={live.trouble} />
      <main className="board">
        <FlowCard live={live} rate={rate} />
        <ShopFrame writeKey={info.data?.writeKey} />
        <CountsCard figures={live.figures} />
        <StreamCard live={live} />
        <SqlCard />
        <SendCard info={info.data} />
      </main>
      <footer className="page-footer">
        {info.data && (
          <>
            Millrace {info.data.version}. The data is in <code>{info.data.dataDir}</code>
          </>
        )}
      </footer>
    </div>
  );
}
