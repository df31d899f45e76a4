import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactElement, useState } from 'react';
import { runQuery } from './run-query.ts';
import { SAMPLE_QUERIES } from './sample-queries.ts';
import './sql-card.css';
import { SqlResult } from './sql-result.tsx';

/** A box that runs SQL over the views as the read-only user. */
export function SqlCard(): ReactElement {
  const [sql, setSql] = useState(SAMPLE_QUERIES[0].sql);
  const query = useMutation({ mutationFn: runQuery });

  function run(text: string) {
    if (text.trim() !== '' && !query.isPending) query.mutate(text);
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run(sql);
    }
  }
  return (
    <section className="card sql-card" aria-label="SQL">
      <div className="card-head">
        <h2>Ask it in SQL</h2>
        <span className="hint">ClickHouse, read-only</span>
      </div>
      <div className="sql-samples">
        {SAMPLE_QUERIES.map((sample) => (
          <button
            key={sample.name}
            type="button"
            className="button"
            onClick={() => {
              setSql(sample.sql);
              run(sample.sql);
            }}
          >
            {sample.name}
          </button>
        ))}
      </div>
      <div className="sql-editor">
        <textarea
          aria-label="Query"
          spellCheck={false}
          autoCapitalize="off"
          rows={Math.min(12, Math.max(4, sql.split('\n').length))}
          value={sql}
          onChange={(event) => setSql(event.target.value)}
          onKeyDown={onKeyDown}
          data-testid="sql"
        />
        <div className="sql-run">
          <button
            type="button"
            className="button primary"
            disabled={query.isPending}
            onClick={() => run(sql)}
            data-testid="run-sql"
          >
            {query.isPending ? 'Running' : 'Run'}
          </button>
          <kbd>Ctrl</kbd> <kbd>Enter</kbd>
        </div>
      </div>
      <div className="sql-answer" aria-live="polite" data-testid="sql-answer">
        {query.isError && (
          <p className="sql-error" role="alert">
            {query.error.message}
          </p>
        )}
        {query.isIdle && (
          <p className="sql-hint">
            Tables and views: <code>events</code>, <code>events_15m</code>, <code>rejected_events</code>,{' '}
            <code>event_counts</code>, <code>events_daily</code>, <code>user_events</code>. The same by{' '}
            <code>POST /sql</code> and <code>millrace sql</code>.
          </p>
        )}
        {query.data && <SqlResult answer={query.data} />}
      </div>
    </section>
  );
}
