import { type FormEvent, type ReactElement, useState } from 'react';
import { WheelLogo } from '../../shared/wheel-logo.tsx';
import { type ApiError, savedToken, saveToken } from '../data/api.ts';
import './token-prompt.css';

interface TokenPromptProps {
  denial: ApiError;
  onToken(): void;
}

/** Asks for the admin token, or says why this page may not see anything. */
export function TokenPrompt({ denial, onToken }: TokenPromptProps): ReactElement {
  const [token, setToken] = useState('');

  function submit(event: FormEvent) {
    event.preventDefault();
    if (token.trim() === '') return;
    saveToken(token.trim());
    onToken();
  }
  return (
    <main className="token-prompt">
      <form className="card" onSubmit={submit}>
        <WheelLogo />
        <h1>Millrace</h1>
        {denial.wantsToken ? (
          <>
            <p>
              This server answers other machines only with its admin token, which it printed when it first
              started.
            </p>
            <label>
              Admin token
              <input
                type="password"
                autoComplete="off"
                spellCheck={false}
                value={token}
                onChange={(event) => setToken(event.target.value)}
                data-testid="token"
              />
            </label>
            {denial.code === 'token_wrong' && savedToken() && (
              <p className="token-wrong" role="alert">
                That is not this server's token.
              </p>
            )}
            <button type="submit" className="button primary">
              Open
            </button>
            <p className="token-note">It is kept in this tab until you close it.</p>
          </>
        ) : (
          <p role="alert">{denial.message}</p>
        )}
      </form>
    </main>
  );
}
