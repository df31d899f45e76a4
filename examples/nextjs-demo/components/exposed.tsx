'use client';

import { useVariant } from '@millrace/browser-sdk/react';

/** Says that the page shows what the server chose by an experiment; stands beside it. */
export function Exposed({ experiment }: { experiment: string }) {
  const variant = useVariant(experiment);
  return <span hidden data-experiment={experiment} data-variant={variant} />;
}
