import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { StudioInfo } from '../../../src/studio.ts';
import { ApiError, callApi } from './api.ts';

/** What the server says of itself. */
export function useInfo(): UseQueryResult<StudioInfo> {
  return useQuery({
    queryKey: ['info'],
    queryFn: async () => (await (await callApi('/api/info')).json()) as StudioInfo,
    staleTime: Number.POSITIVE_INFINITY,
    retry: (failures, error) => failures < 20 && !(error instanceof ApiError && error.status < 500),
    retryDelay: 1500,
  });
}
