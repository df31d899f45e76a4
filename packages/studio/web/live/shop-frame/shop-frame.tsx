import type { ReactElement } from 'react';
import './shop-frame.css';

/** The demo shop beside the figures, in a window of its own. */
export function ShopFrame({ writeKey }: { writeKey: string | undefined }): ReactElement {
  const address = writeKey ? `/shop?key=${encodeURIComponent(writeKey)}` : undefined;
  return (
    <section className="card shop-frame" aria-label="Demo shop">
      <div className="shop-bar">
        <span className="lights" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        <span className="shop-title">
          <strong>Demo shop</strong> with the browser SDK
        </span>
        <a className="shop-open" href={address ?? '/shop'} target="_blank" rel="noreferrer">
          Open<span className="visually-hidden"> the demo shop in its own tab</span>
        </a>
      </div>
      {address ? (
        <iframe title="Demo shop" src={address} data-testid="shop" />
      ) : (
        <div className="shop-wait">Waiting for the server.</div>
      )}
    </section>
  );
}
