import { createSeededRandom, freshSeed } from '@millrace/core/testing';
import { expect, it } from 'vitest';
import { InvalidDefinitionsError } from '../document/definitions-problem.ts';
import { importGrowthBook } from './import-growthbook.ts';

it('makes a document of whatever is a payload, and refuses the rest in words', () => {
  const seed = freshSeed();
  const random = createSeededRandom(seed);
  const pick = <T>(...of: T[]): T => of[Math.floor(random.next() * of.length)] as T;
  const value = (): unknown => pick<unknown>(true, false, null, 'x', '', 5, 0, {}, [1], 'größe 😀');
  let isSound = true;
  const share = (): unknown => (isSound ? pick(0, 0.1, 0.5, 1, 1 / 3) : pick<unknown>(0.5, -1, null, 'x'));
  const condition = (depth = 0): unknown =>
    pick<() => unknown>(
      () => ({ [pick('a', 'b.c', 'id', '$x', '__proto__')]: value() }),
      () => ({
        a: {
          [pick('$eq', '$in', '$lt', '$regex', '$regexi', '$not', '$inGroup', '$elemMatch', '$all', '$vgt')]:
            pick(value(), [value()], { $eq: 1 }),
        },
      }),
      () =>
        depth > 3
          ? {}
          : { [pick('$or', '$and', '$nor', '$not')]: pick([condition(depth + 1)], condition(depth + 1)) },
    )();
  const rule = (): unknown => ({
    ...pick({ force: value() }, { variations: [value(), value(), value()] }, {}),
    ...pick({ condition: condition() }, {}),
    ...pick({ key: pick('k', 'K k', '', '😀'), phase: pick<unknown>('0', 'x', 7) }, {}),
    ...pick(
      { coverage: share() },
      {
        ranges: [
          [share(), share()],
          [0.2, 0.4],
        ],
      },
      { range: [share(), share()] },
      {},
    ),
    ...pick({ weights: [share(), share(), share()] }, {}),
    ...pick(
      { namespace: [pick('n', 'N'), share(), share()] },
      { filters: [{ seed: 's', ranges: [[share(), share()]] }] },
      {},
    ),
    ...pick({ hashAttribute: pick('', 'id', 'deviceId') }, {}),
    ...pick(
      {
        parentConditions: [
          { id: pick('f0', 'F 1', 'x'), condition: { value: value() }, gate: pick(true, false) },
        ],
      },
      {},
    ),
    ...pick({ meta: [{ key: pick('', '1', 'same') }, { key: 'same' }] }, {}),
  });
  const refused = { sound: 0, other: 0 };
  for (let round = 0; round < 1_000; round++) {
    isSound = round % 2 === 0;
    const feature = () => ({ defaultValue: value(), rules: Array.from({ length: 3 }, rule) });
    const payload = {
      features: { f0: feature(), 'F 1': feature(), f_1: feature() },
      savedGroups: { x: [value()] },
    };
    try {
      importGrowthBook(payload);
    } catch (error) {
      const said = `seed ${seed}: ${error}: ${JSON.stringify(payload)}`;
      if (!(error instanceof InvalidDefinitionsError)) throw new Error(said, { cause: error });
      // Each names a place of the payload, not of the document.
      const places = error.problems.map(({ path }) => path);
      expect(
        places.filter((path) => !/^\/features\/[^/]+\/rules\/\d\//.test(path)),
        said,
      ).toEqual([]);
      refused[isSound ? 'sound' : 'other'] += 1;
    }
  }
  expect(refused.sound, `seed ${seed}`).toBe(0);
  expect(refused.other, `seed ${seed}`).toBeGreaterThan(0);
});
