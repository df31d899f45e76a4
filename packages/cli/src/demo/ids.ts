import type { SeededRandom } from './seeded-random.ts';

/** A UUID of version 7 at a given time, the rest of it from the seed. */
export function uuidV7At(timeMs: number, random: SeededRandom): string {
  const time = timeMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.hex(3)}-${variantDigit(random)}${random.hex(3)}-${random.hex(12)}`;
}

/** A UUID of version 4 from the seed. */
export function uuidV4(random: SeededRandom): string {
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-${variantDigit(random)}${random.hex(3)}-${random.hex(12)}`;
}

function variantDigit(random: SeededRandom): string {
  return '89ab'[random.integer(0, 3)] ?? '8';
}
