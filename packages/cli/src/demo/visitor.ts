import { REGIONS, type Region, regionActivity } from './daily-rhythm.ts';
import { DEVICES, type Device } from './devices.ts';
import { uuidV4 } from './ids.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

/** One browser of one visitor. */
export interface Browser {
  anonymousId: string;
  device: Device;
}

/** Someone who comes to the shop, maybe again, maybe with another device. */
export interface Visitor {
  browsers: readonly Browser[];
  region: Region;
  locale: string;
  /** Who they are once they order. */
  userId: string;
  traits: { name: string; email: string; city: string };
  /** How much they like the shop; 1 is usual. */
  interest: number;
}

const GIVEN = [
  'Anna',
  'Ben',
  'Clara',
  'David',
  'Elif',
  'Felix',
  'Greta',
  'Hugo',
  'Ida',
  'Jonas',
  'Katja',
  'Léa',
  'Mats',
  'Nora',
  'Oskar',
  'Paula',
  'Quentin',
  'Rosa',
  'Søren',
  'Tilda',
  'Umut',
  'Vera',
  'Wanda',
  'Yuki',
  'Zoë',
];
const FAMILY = [
  'Adler',
  'Bauer',
  'Castell',
  'Dahl',
  'Engel',
  'Fischer',
  'Girard',
  'Hansen',
  'Ito',
  'Jansen',
  'Keller',
  'Lund',
  'Moreau',
  'Novak',
  'Ott',
  'Petit',
  'Richter',
  'Sato',
  'Taylor',
  'Urban',
  'Vogel',
  'Walker',
  'Young',
  'Zimmer',
];

/** Visitor number `index` of a seed: the same person in every run. `timeMs` is when they first come. */
export function makeVisitor(seed: string, index: number, timeMs: number): Visitor {
  const random = createSeededRandom(`${seed}/visitor/${index}`);
  const region = random.weighted(REGIONS, (candidate) => regionActivity(candidate, timeMs));
  const given = pick(random, GIVEN);
  const family = pick(random, FAMILY);
  const handle = `${plain(given)}.${plain(family)}${index}`;
  const browsers = [makeBrowser(random)];
  if (random.chance(0.18)) browsers.push(makeBrowser(random));
  return {
    browsers,
    region,
    locale: pick(random, region.locales),
    userId: handle,
    traits: { name: `${given} ${family}`, email: `${handle}@example.com`, city: pick(random, region.cities) },
    interest: Math.min(random.logNormal(0.9, 0.45), 3),
  };
}

function makeBrowser(random: SeededRandom): Browser {
  return { anonymousId: uuidV4(random), device: random.weighted(DEVICES, (device) => device.share) };
}

function pick<T>(random: SeededRandom, items: readonly T[]): T {
  return random.weighted(items, () => 1);
}

function plain(name: string): string {
  return name.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ø', 'o');
}
