import { BucketRangeError, validateRanges } from '@millrace/core';
import {
  type Definitions,
  type Experiment,
  instantOf,
  type Schedule,
  type Traffic,
} from '@millrace/core/evaluation';
import { checkCondition } from './check-condition.ts';
import { member, type Report } from './definitions-problem.ts';

/** Notes what is wrong with an experiment whose fields have the right types. */
export function checkExperiment(
  experiment: Experiment,
  definitions: Definitions,
  path: string,
  report: Report,
): void {
  const variants = new Set(
    experiment.phases.flatMap((phase) => phase.variants.map((range) => range.variant)),
  );
  const checkVariant = (variant: string, at: string): void => {
    if (!variants.has(variant)) report(at, `no phase has a variant ${variant}`);
  };
  for (const [i, { variant }] of (experiment.forced ?? []).entries()) {
    checkVariant(variant, `${path}/forced/${i}/variant`);
  }
  for (const [i, rule] of (experiment.targeted ?? []).entries()) {
    checkVariant(rule.variant, `${path}/targeted/${i}/variant`);
    checkCondition(rule.if, definitions, `${path}/targeted/${i}/if`, report);
  }
  for (const variant of Object.keys(experiment.payloads ?? {})) {
    checkVariant(variant, member(`${path}/payloads`, variant));
  }
  if (experiment.if) checkCondition(experiment.if, definitions, `${path}/if`, report);
  for (const [i, name] of (experiment.holdouts ?? []).entries()) {
    if (!Object.hasOwn(definitions.holdouts ?? {}, name))
      report(`${path}/holdouts/${i}`, `there is no holdout ${name}`);
  }
  if (experiment.layer) {
    checkRanges(experiment.layer.ranges, `${path}/layer/ranges`, report);
    if (!Object.hasOwn(definitions.layers ?? {}, experiment.layer.key)) {
      report(`${path}/layer/key`, `there is no layer ${experiment.layer.key}`);
    }
  }
  checkPhases(experiment, path, report);
}

function checkPhases({ phases }: Experiment, path: string, report: Report): void {
  for (const [i, phase] of phases.entries()) {
    const at = `${path}/phases/${i}`;
    if (i > 0 && phase.number <= (phases[i - 1]?.number ?? 0)) {
      report(`${at}/number`, 'must be greater than that of the phase before');
    }
    if (phase.trafficSalt === phase.variantSalt) {
      report(
        `${at}/variantSalt`,
        'must differ from trafficSalt, or the variants would not be drawn independently',
      );
    }
    checkRanges(phase.variants, `${at}/variants`, report);
    checkTraffic(phase.traffic, `${at}/traffic`, report);
    checkSchedule(phase, at, report);
  }
}

/** Notes an end before its start. */
export function checkSchedule({ startsAt, endsAt }: Schedule, path: string, report: Report): void {
  for (const [name, instant] of Object.entries({ startsAt, endsAt })) {
    if (instant !== undefined && Number.isNaN(instantOf(instant))) report(`${path}/${name}`, 'is not a time');
  }
  if (startsAt !== undefined && endsAt !== undefined && !(instantOf(startsAt) < instantOf(endsAt))) {
    report(`${path}/endsAt`, 'must be after startsAt');
  }
}

/** Notes a range that ends before it starts, also on its ramp. */
export function checkTraffic({ start, end, ramp = [] }: Traffic, path: string, report: Report): void {
  if (end < start) report(`${path}/end`, 'must be at least start');
  for (const [i, step] of ramp.entries()) {
    if (Number.isNaN(instantOf(step.at))) report(`${path}/ramp/${i}/at`, 'is not a time');
    if (step.end < start) report(`${path}/ramp/${i}/end`, 'must be at least start');
    const before = ramp[i - 1];
    if (before && !(instantOf(before.at) < instantOf(step.at))) {
      report(`${path}/ramp/${i}/at`, 'must be after that of the step before');
    }
  }
}

function checkRanges(ranges: Parameters<typeof validateRanges>[0], path: string, report: Report): void {
  try {
    validateRanges(ranges, '');
  } catch (error) {
    if (!(error instanceof BucketRangeError)) throw error;
    const [, index, field] = /^\[(\d+)\]\.(.+)$/.exec(error.field) ?? [];
    report(`${path}/${index}/${field}`, error.message.slice(error.field.length + 1));
  }
}
