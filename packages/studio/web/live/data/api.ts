import type { ErrorResponse } from '@millrace/core';

const TOKEN_ITEM = 'millrace-admin-token';

/** An answer of the server that is not 2xx; `code` is that of its error body. */
export class ApiError extends Error {
  override readonly name = 'ApiError' as const;
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** True when the server wants the admin token, or another one. */
  get wantsToken(): boolean {
    return this.status === 401;
  }
}

/** The admin token that this tab was given; kept until the tab closes. */
export function savedToken(): string | null {
  try {
    return sessionStorage.getItem(TOKEN_ITEM);
  } catch {
    return null;
  }
}

/** Keeps the admin token for this tab. */
export function saveToken(token: string): void {
  try {
    sessionStorage.setItem(TOKEN_ITEM, token);
  } catch {
    // Storage is blocked: the prompt comes again on the next load.
  }
}

/** Asks the server with the token of this tab. Rejects with ApiError if the answer is not 2xx. */
export async function callApi(path: string, init: RequestInit = {}): Promise<Response> {
  const token = savedToken();
  const headers = new Headers(init.headers);
  if (token) headers.set('Authorization', `Bearer ${token}`);
  const response = await fetch(path, { ...init, headers });
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text) as ErrorResponse;
    return new ApiError(response.status, error.code, error.message);
  } catch {
    return new ApiError(response.status, 'unexpected', text.slice(0, 500) || `HTTP ${response.status}`);
  }
}
