import Type from 'typebox';
import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { describeEvents, describeScope } from '../question/describe.ts';
import { breakdownFields, intervalSchema, questionFields } from '../question/question-schema.ts';
import type { ShownInterval } from '../time/intervals.ts';
import type { BreakdownValue, TrendLine, TrendValues } from '../trends/trend-lines.ts';
import { trends } from '../trends/trends.ts';
import { noticeCurrencies, readAmounts, revenueFields } from './revenue-fields.ts';

const closed = { additionalProperties: false };

const revenueSchema = Type.Object(
  {
    ...questionFields,
    ...revenueFields,
    interval: Type.Optional(intervalSchema),
    breakdown: Type.Optional(Type.Object(breakdownFields, closed)),
    compare: Type.Optional(Type.Enum(['previous', 'year'])),
    cumulative: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type RevenueQuestion = Type.Static<typeof revenueSchema>;

type RevenueLine = TrendValues & { previous?: TrendValues };

interface RevenueGroup {
  breakdown?: BreakdownValue;
  /** Amounts less what was given back. */
  revenue: RevenueLine;
  /** Rows with an amount above 0. */
  orders: RevenueLine;
  /** People with an order. */
  buyers: RevenueLine;
  /** Revenue by orders and by buyers; null where there are none. */
  perOrder: RevenueLine;
  perBuyer: RevenueLine;
}

export interface RevenueResult {
  intervals: ShownInterval[];
  groups: RevenueGroup[];
}

export const revenue: Insight<RevenueQuestion, RevenueResult> = {
  name: 'revenue',
  schema: revenueSchema,
  define: ({ orders = {}, property = 'revenue', interval = 'day', ...question }) =>
    [
      `Revenue: the sum of ${property} of ${describeEvents(orders)}, by ${interval}; negative amounts are taken off.`,
      'Orders: those with an amount above 0. Buyers: the different people with an order.',
      describeScope(question),
    ].join(' '),
  run: answerRevenue,
};

/** What came in, by how many orders and from how many people: see docs/insights.md. @throws InsightError */
export function runRevenue(access: InsightAccess, question: RevenueQuestion): Promise<Answer<RevenueResult>> {
  return answerQuestion(revenue, access, question);
}

/** How many lines of trends a group has. */
const LINES = 5;

async function answerRevenue(run: InsightRun, question: RevenueQuestion): Promise<RevenueResult> {
  const { orders = {}, property: _, ...rest } = question;
  const amounts = readAmounts(question);
  const { property } = amounts;
  if (question.breakdown?.property !== 'currency') await noticeCurrencies(run, amounts);
  const where = orders.where ?? [];
  const order = { ...orders, where: [...where, { property, operator: 'gt' as const, value: 0 }] };
  const { intervals, lines } = await trends.run(run, {
    ...rest,
    series: [
      { ...orders, measure: 'sum', property },
      { ...order, measure: 'count' },
      { ...order, measure: 'people' },
    ],
    formulas: [{ expression: 'A / B' }, { expression: 'A / C' }],
  });
  const groups = Array.from({ length: lines.length / LINES }, (_, index) => {
    const [first, ...others] = lines.slice(index * LINES, (index + 1) * LINES) as [TrendLine, ...TrendLine[]];
    const [ordered, buyers, perOrder, perBuyer] = others.map(lineOf) as [
      RevenueLine,
      RevenueLine,
      RevenueLine,
      RevenueLine,
    ];
    return {
      ...(first.breakdown && { breakdown: first.breakdown }),
      revenue: lineOf(first),
      orders: ordered,
      buyers,
      perOrder,
      perBuyer,
    };
  });
  return { intervals, groups };
}

function lineOf({ values, total, previous }: TrendLine): RevenueLine {
  return { values, total, ...(previous && { previous }) };
}
