import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { describeScope } from '../question/describe.ts';
import { type CompletenessResult, completenessOf, groupCounts, readColumns } from './completeness.ts';
import {
  type Check,
  type DataQualityQuestion,
  dataQualitySchema,
  type RangedQuestion,
} from './data-quality-question.ts';
import { readProperties } from './drift/read-properties.ts';
import { findDrift, type SchemaDrift } from './drift/schema-drift.ts';
import { answerDuplicates, type DuplicatesResult } from './duplicates.ts';
import { answerFreshness, type FreshnessResult } from './freshness.ts';
import { type LookedAt, lookAt } from './looked-at.ts';
import { answerLosses, type Loss } from './losses.ts';
import { answerMarks, type MarksResult } from './marks.ts';
import { answerRejected, type RejectedResult } from './rejected.ts';
import { answerVolume, type VolumeResult } from './volume/volume.ts';

/** A part for each check that was asked for. */
export interface DataQualityResult {
  freshness?: FreshnessResult;
  volume?: VolumeResult;
  completeness?: CompletenessResult;
  schema?: SchemaDrift;
  rejected?: RejectedResult;
  duplicates?: DuplicatesResult;
  marks?: MarksResult;
  losses?: Loss[];
}

const DEFAULT_RANGE_MS = 604_800_000;

export const dataQuality: Insight<RangedQuestion, DataQualityResult> = {
  name: 'data-quality',
  schema: dataQualitySchema,
  withRange: ({ range, ...question }: DataQualityQuestion, now) => ({
    ...question,
    range: range ?? {
      from: new Date(now - DEFAULT_RANGE_MS).toISOString(),
      to: new Date(now).toISOString(),
    },
  }),
  define: (question) =>
    [
      'What arrives and what does not.',
      'The range is compared with the time of the same length before it; volumes with the same hours or days of the weeks before, at the level of the last seven days.',
      describeScope(question),
    ].join(' '),
  run: answerDataQuality,
};

/** Whether the data can be trusted: see docs/data-quality.md. @throws InsightError */
export function runDataQuality(
  access: InsightAccess,
  question: DataQualityQuestion,
): Promise<Answer<DataQualityResult>> {
  return answerQuestion(dataQuality, access, question);
}

async function answerDataQuality(run: InsightRun, question: RangedQuestion): Promise<DataQualityResult> {
  const at = await lookAt(run, question);
  const wanted = new Set<Check>(question.checks);
  const wants = (check: Check) => wanted.size === 0 || wanted.has(check);
  return {
    ...(wants('freshness') && { freshness: await answerFreshness(at) }),
    ...(wants('volume') && { volume: await answerVolume(at) }),
    ...((wants('completeness') || wants('schema')) && (await answerShape(at, wants))),
    ...(wants('rejected') && { rejected: await answerRejected(at) }),
    ...(wants('duplicates') && { duplicates: await answerDuplicates(at) }),
    ...(wants('marks') && { marks: await answerMarks(at) }),
    ...(wants('losses') && { losses: await answerLosses(at) }),
  };
}

/** Completeness and drift, which look at the same rows. */
async function answerShape(at: LookedAt, wants: (check: Check) => boolean): Promise<DataQualityResult> {
  const counts = await readColumns(at);
  const byEvent = groupCounts(counts, ({ event }) => [event, '', '']);
  const sampled = await readProperties(at, new Map(byEvent.map(({ event, rows }) => [event, rows])));
  return {
    ...(wants('completeness') && { completeness: completenessOf(counts, sampled) }),
    ...(wants('schema') && { schema: findDrift(at.events, sampled) }),
  };
}
