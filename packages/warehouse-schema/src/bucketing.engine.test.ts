import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import murmurHash3 from 'murmurhash3js-revisited';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from './testing/engine.ts';

interface Vectors {
  murmur3: { text: string; seed: number; h: number }[];
  hash: { salt: string; unit: string; h: number; bucket: number }[];
}
const vectors = JSON.parse(
  readFileSync(new URL('../../../spec/bucketing.json', import.meta.url), 'utf8'),
) as Vectors;

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ migrated: false });
});
afterAll(() => engine.close());

const HASH = `
  SELECT murmurHash3_32(concat(salt, ':', unit)) AS h,
         bitShiftRight(toUInt64(murmurHash3_32(concat(salt, ':', unit))) * 10000, 32) AS bucket
  FROM units ORDER BY number`;

function hashInSql(units: { salt: string; unit: string }[]) {
  const rows = units.map(({ salt, unit }, number) => [number, salt, unit]);
  const table = { name: 'units', structure: 'number UInt32, salt String, unit String', rows };
  return engine.admin.query<{ h: number; bucket: number }>(HASH, { table });
}

it('gives the hash and the bucket of every vector in SQL', async () => {
  expect(vectors.hash.length).toBeGreaterThan(10);
  expect(await hashInSql(vectors.hash)).toEqual(vectors.hash.map(({ h, bucket }) => ({ h, bucket })));
});

it('gives the published hashes with seed 0', async () => {
  const plain = vectors.murmur3.filter(({ seed }) => seed === 0);
  const table = {
    name: 'texts',
    structure: 'number UInt32, text String',
    rows: plain.map(({ text }, n) => [n, text]),
  };
  const found = await engine.admin.query<{ h: number }>(
    'SELECT murmurHash3_32(text) AS h FROM texts ORDER BY number',
    { table },
  );
  expect(found.map(({ h }) => h)).toEqual(plain.map(({ h }) => h));
});

it('agrees with murmurhash3js-revisited on 100,000 random units', async () => {
  const seed = randomBytes(4).readUInt32LE();
  const random = mulberry32(seed);
  const units = Array.from({ length: 100_000 }, () => ({
    salt: randomText(random, 8),
    unit: randomText(random, 40),
  }));
  const found = await hashInSql(units);
  const wrong = units.filter(({ salt, unit }, n) => {
    const bytes = new TextEncoder().encode(`${salt}:${unit}`);
    const h = murmurHash3.x86.hash32(bytes, 0);
    return found[n]?.h !== h || found[n]?.bucket !== Math.floor((h * 10_000) / 2 ** 32);
  });
  expect(wrong, `seed ${seed}`).toEqual([]);
});

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Text of up to `longest` characters of every kind: control, Latin, CJK, emoji; never a lone surrogate. */
function randomText(random: () => number, longest: number): string {
  const ranges = [
    [0x20, 0x7e],
    [0x00, 0x1f],
    [0xa0, 0x24f],
    [0x4e00, 0x9fff],
    [0x1f300, 0x1f6ff],
  ] as const;
  return Array.from({ length: Math.floor(random() * longest) }, () => {
    const [from, to] = ranges[Math.floor(random() ** 2 * ranges.length)] ?? ranges[0];
    return String.fromCodePoint(from + Math.floor(random() * (to - from)));
  }).join('');
}
