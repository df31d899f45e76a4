import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { int, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { defineJourneys } from './define-journeys.ts';
import {
  type JourneysQuestion,
  journeysSchema,
  type ReadJourneys,
  readJourneys,
} from './journeys-question.ts';
import type { FiguresRow, GraphRow, JourneyPath, JourneysResult } from './journeys-result.ts';
import { journeysRange, journeysSql, stepEvents } from './journeys-sql.ts';
import {
  compareRanked,
  type Names,
  showConversion,
  showEdges,
  showLevels,
  topNodes,
  travellers,
} from './show-journeys.ts';
import { stepNames } from './step-names.ts';

/** How many more than are asked for are looked at, so that of equal ones names decide. */
const SPARE = 100;

export const journeys: Insight<JourneysQuestion, JourneysResult> = {
  name: 'journeys',
  schema: journeysSchema,
  define: defineJourneys,
  run: answerJourneys,
};

/** Which ways people take: see docs/insights.md. @throws InsightError */
export function runJourneys(
  access: InsightAccess,
  question: JourneysQuestion,
): Promise<Answer<JourneysResult>> {
  return answerQuestion(journeys, access, question);
}

async function answerJourneys(run: InsightRun, question: JourneysQuestion): Promise<JourneysResult> {
  const asked = readJourneys(question);
  const { backward, steps, top } = asked;
  const all = journeysSql(asked, run.scope);
  const slots = { journeys: all, levels: levelsSql(backward) };
  const limit = Math.max(top, asked.paths) + SPARE;
  const figures = await run.query<FiguresRow>(sqlFile('journeys/figures', slots, { limit }));
  const of = (kind: FiguresRow['kind']) => figures.filter((row) => row.kind === kind);
  const [total] = of(0);
  const paths = asked.paths === 0 ? [] : of(1);
  const nodes = of(2);
  const names = await readNames(run, asked, [
    ...nodes.map(({ node }) => node),
    ...paths.flatMap(({ path }) => path),
  ]);
  const firstLevel = backward ? 1 - steps : 1;
  const levels = Array.from({ length: steps }, (_, index) => firstLevel + index);
  const tops = topNodes(nodes, names, levels, top);
  const graph = await run.query<GraphRow>(
    sqlFile('journeys/graph', slots, { tops, first_level: firstLevel }),
  );
  return {
    ...travellers(total),
    levels: showLevels(graph, names, asked),
    edges: showEdges(graph, names),
    paths: showPaths(paths, names, asked),
    ...(asked.conversion && { conversion: showConversion(total) }),
  };
}

function showPaths(
  rows: readonly FiguresRow[],
  names: Names,
  { paths, conversion }: ReadJourneys,
): JourneyPath[] {
  return rows
    .map((row) => ({
      steps: row.path.map((node) => names.get(node) ?? ''),
      ...travellers(row),
      ...(conversion && { conversion: showConversion(row) }),
    }))
    .sort((a, b) => compareRanked(a, b, a.steps.join('\0'), b.steps.join('\0')))
    .slice(0, paths);
}

async function readNames(run: InsightRun, asked: ReadJourneys, wanted: number[]): Promise<Names> {
  const nodes = [...new Set(wanted)];
  if (nodes.length === 0) return new Map();
  const { id, shown, isStep } = stepNames(asked);
  const rows = run.scope.rows({ range: journeysRange(asked, run.scope.range), events: stepEvents(asked) });
  const found = await run.query<{ node: number; name: string }>(
    sqlFile('journeys/names', { id, shown, isStep, rows }, { nodes }),
  );
  return new Map(found.map(({ node, name }) => [node, name]));
}

function levelsSql(backward: boolean) {
  const shift = backward ? sql`toInt32(length(nodes))` : int(0);
  return sql`arrayMap(position -> toInt32(position) - ${shift}, arrayEnumerate(nodes))`;
}
