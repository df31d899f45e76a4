import Type from 'typebox';
import type { InsightRun } from '../insight.ts';
import { propertySql } from '../question/property.ts';
import { type EventChoice, eventChoiceSchema, propertySchema } from '../question/question-schema.ts';
import { anyEventSql, eventChoiceSql } from '../question/where-sql.ts';
import type { Sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import type { Range } from '../time/range.ts';

/** What questions about money have. */
export const revenueFields = {
  orders: Type.Optional(
    Type.Object(eventChoiceSchema.properties, {
      additionalProperties: false,
      description: 'Which events bring revenue. Default: any with an amount',
    }),
  ),
  property: Type.Optional(propertySchema),
};

/** The rows with an amount and the amount, a nullable number: a decimal for the column revenue. */
export interface Amounts {
  choice: EventChoice;
  isChosen: Sql;
  amount: Sql;
  property: string;
}

/** @throws InsightError that names the field. */
export function readAmounts({
  orders = {},
  property = 'revenue',
}: {
  orders?: EventChoice;
  property?: string;
}): Amounts {
  return {
    choice: orders,
    isChosen: eventChoiceSql(orders, '/orders'),
    amount: propertySql(property, '/property').number,
    property,
  };
}

/** Says so where amounts of several currencies were added up. */
export async function noticeCurrencies(run: InsightRun, amounts: Amounts, range?: Range): Promise<void> {
  const [row] = await run.query<{ currencies: string[] }>(
    sqlFile('revenue/currencies', {
      rows: run.scope.rows({ ...(range && { range }), events: anyEventSql([amounts.choice]) }),
      choice: amounts.isChosen,
      amount: amounts.amount,
    }),
  );
  const currencies = row?.currencies ?? [];
  if (currencies.length > 1) {
    run.notice(
      'several_currencies',
      `The amounts are in ${currencies.join(', ')} and were added up as they are; break down by currency, or choose one by a condition.`,
    );
  }
}
