import { type ReactElement, useState } from 'react';
import type { StudioInfo } from '../../../src/studio.ts';
import { CopyButton } from './copy-button.tsx';
import './send-card.css';
import { type Snippet, snippetsFor } from './snippets.ts';

/** How to send events of one's own. */
export function SendCard({ info }: { info: StudioInfo | undefined }): ReactElement {
  const [chosen, setChosen] = useState<Snippet['id']>('curl');
  const snippets = info ? snippetsFor(info) : undefined;
  const snippet = snippets?.find(({ id }) => id === chosen);
  return (
    <section className="card send-card" aria-label="Send your own">
      <div className="card-head">
        <h2>Send your own</h2>
      </div>
      {snippets && snippet && (
        <>
          <div className="send-choice">
            {snippets.map(({ id, name }) => (
              <button
                key={id}
                type="button"
                className="button"
                aria-pressed={id === chosen}
                onClick={() => setChosen(id)}
              >
                {name}
              </button>
            ))}
            <span className="send-copy">
              <CopyButton text={snippet.text} />
            </span>
          </div>
          <pre className="send-text" data-testid={`snippet-${snippet.id}`}>
            {snippet.text}
          </pre>
          <p className="send-hint">{snippet.hint}</p>
          <p className="send-hint">
            Write key <code>{info?.writeKey}</code>
          </p>
        </>
      )}
    </section>
  );
}
