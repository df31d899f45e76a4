import type { Json } from '@millrace/core';
import type { Condition, Definitions, Experiment, Layer } from '@millrace/core/evaluation';
import { member, type Report } from '../document/definitions-problem.ts';
import type { ConditionContext } from './import-condition.ts';
import { createNamer, type Namer } from './names.ts';
import type { Payload } from './payload.ts';
import { Unsupported } from './unsupported.ts';

/** What an import has made so far, and what is the same for all features. */
export interface ImportContext extends ConditionContext {
  payload: Payload;
  flags: Namer;
  experimentNames: Namer;
  layerNames: Namer;
  /** By their key here. */
  experiments: Map<string, Experiment>;
  /** The keys of `experiments` by what they are called in GrowthBook, one for each of its settings. */
  experimentKeys: Map<string, { key: string; fingerprint: string }[]>;
  layers: Map<string, Layer>;
  segments: Map<string, Condition>;
  /** The unit type of a hash attribute. */
  unit(attribute: string | undefined, path: string): string;
}

/** What ids are usually called; `id` may be anyone's. */
const UNITS: { [attribute: string]: string } = {
  deviceId: 'anonymousId',
  device_id: 'anonymousId',
  anonymousId: 'anonymousId',
  anonymous_id: 'anonymousId',
  userId: 'userId',
  user_id: 'userId',
};

/** Starts an import; `units` says which unit type a hash attribute is, before the usual names. */
export function createContext(
  payload: Payload,
  units: { [attribute: string]: string },
  warn: Report,
): ImportContext {
  const segments = new Map<string, Condition>();
  const segmentNames = createNamer([], () => {});
  const told = new Set<string>();
  const warnOnce = (about: string, path: string, message: string) => {
    if (!told.has(about)) warn(path, message);
    told.add(about);
  };
  const known = new Map(Object.entries({ ...UNITS, ...units }));

  return {
    payload,
    warn,
    flags: createNamer(Object.keys(payload.features), warn),
    experimentNames: createNamer([], warn),
    layerNames: createNamer([], warn),
    experiments: new Map(),
    experimentKeys: new Map(),
    layers: new Map(),
    segments,

    unit(given, path) {
      const attribute = given || 'id';
      const unit = known.get(attribute);
      if (unit !== undefined) return unit;
      if (attribute.length > 64) throw new Unsupported(path, 'cannot be the name of a unit');
      warnOnce(
        `unit ${attribute}`,
        path,
        `draws by ${attribute}: give SDKs a unit of that name, or import with --unit ${attribute}=userId or =anonymousId`,
      );
      return attribute;
    },

    attribute(name, path) {
      if (name.includes('.')) {
        warnOnce(
          `path ${name}`,
          path,
          `is a path in GrowthBook: give SDKs an attribute that is called ${name}`,
        );
      }
      return known.get(name) ?? name;
    },

    segment(group, attribute, path) {
      const values = Object.hasOwn(payload.savedGroups, group) ? payload.savedGroups[group] : undefined;
      if (!values) throw new Unsupported(path, `there is no saved group ${group}`);
      const literals = values.filter((value) => ['string', 'number', 'boolean'].includes(typeof value));
      if (literals.length < values.length)
        throw new Unsupported(path, `the saved group ${group} has other than plain values`);
      const name = segmentNames.nameOf(`${group} ${attribute}`, member('/savedGroups', group));
      segments.set(name, { attribute, op: 'in', value: literals as Json });
      return { segment: name };
    },
  };
}

/** The document of all that was imported. */
export function documentOf(context: ImportContext, flags: Definitions['flags']): Definitions {
  const part = (name: string, entries: Map<string, unknown>) =>
    entries.size > 0 ? { [name]: Object.fromEntries(entries) } : {};
  return {
    format: 1,
    version: 0,
    ...part('segments', context.segments),
    ...part('layers', context.layers),
    flags,
    experiments: Object.fromEntries(context.experiments),
  };
}
