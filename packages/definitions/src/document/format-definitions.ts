import { DEFINITIONS_FORMAT, type Definitions } from '@millrace/core/evaluation';

/** The fields in the order in which people write them; other keys follow by the alphabet. */
const ORDER = [
  ...[
    'format',
    'version',
    'environment',
    'attributes',
    'segments',
    'layers',
    'holdouts',
    'flags',
    'experiments',
  ],
  ...[
    'type',
    'unitType',
    'bucketingVersion',
    'enabled',
    'default',
    'forced',
    'prerequisites',
    'flag',
    'experiment',
  ],
  ...[
    'holdouts',
    'if',
    'attribute',
    'op',
    'targeted',
    'sticky',
    'layer',
    'key',
    'salt',
    'number',
    'startsAt',
    'endsAt',
  ],
  ...['trafficSalt', 'variantSalt', 'traffic', 'start', 'end', 'variant', 'ramp', 'at', 'value', 'values'],
];
const PLACES = new Map(ORDER.map((name, place) => [name, place]));

/** A document without flags and experiments, as it is before the first is saved. */
export const EMPTY_DEFINITIONS: Definitions = {
  format: DEFINITIONS_FORMAT,
  version: 0,
  flags: {},
  experiments: {},
};

/** The document as text for a file: indented, and always in the same order, so that two versions can be compared. */
export function formatDefinitions(document: Definitions): string {
  return `${JSON.stringify(document, (_, value) => sorted(value), 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const place = (name: string) => PLACES.get(name) ?? ORDER.length;
  const entries = Object.entries(value);
  entries.sort(([one], [other]) => place(one) - place(other) || (one < other ? -1 : 1));
  return Object.fromEntries(entries);
}
