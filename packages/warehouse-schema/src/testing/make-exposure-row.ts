import { makeEventRow } from './make-event-row.ts';

/** What an exposure says. */
export interface ExposureProperties {
  experiment: string;
  phase: number;
  variant: string;
  unit: string;
  unitType?: string;
  reason?: string;
  definitionsVersion?: number;
  environment?: string;
}

/** A row of `events` that is an exposure of an anonymous id to the draw of phase 1, but for what is given. */
export function makeExposureRow(
  n: number,
  properties: Partial<ExposureProperties> & { variant: string; unit: string },
  over: Parameters<typeof makeEventRow>[1] = {},
): ReturnType<typeof makeEventRow> {
  const said = {
    experiment: 'price',
    phase: 1,
    unitType: 'anonymousId',
    bucketingVersion: 1,
    reason: 'split',
    definitionsVersion: 7,
    ...properties,
  };
  return makeEventRow(n, {
    event: '$exposure',
    message_id: `exposure-${n}`,
    ...(said.unitType === 'userId' ? { user_id: said.unit } : {}),
    ...(said.unitType === 'anonymousId' ? { anonymous_id: said.unit } : {}),
    library: 'millrace-browser',
    library_version: '0.1.0',
    properties: said,
    ...over,
  });
}
