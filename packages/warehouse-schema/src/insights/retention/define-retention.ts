import { describeEvents, describeScope } from '../question/describe.ts';
import { type RetentionQuestion, readRetention } from './retention-question.ts';

const COHORTS = {
  every_time: 'Whoever does it in an interval is in the cohort of that interval',
  first_time: 'Whoever does it for the first time of all is in the cohort of that interval',
  first_ever:
    'Whoever has the first event of that name of all, and it is such a one, is in the cohort of that interval',
};
const ROLLING = { hour: 'an hour', day: '24 hours', week: '7 days', month: '30 days' };

/** What an answer of retention says, in words. */
export function defineRetention(question: RetentionQuestion): string {
  const { start, back, interval, periods, cohort, rolling, unbounded, minimum } = readRetention(question);
  const times = minimum === 1 ? '' : `, at least ${minimum} times`;
  const when = rolling
    ? `in the period of ${ROLLING[interval]} that begins so many periods after the person’s own first start in the interval`
    : `in the ${interval} that comes so many ${interval}s later by the calendar, before or after the start within the first`;
  return [
    `Start: ${describeEvents(start)}. ${COHORTS[cohort]} (${interval}).`,
    `Back: ${describeEvents(back)}${times}, ${when}${unbounded ? ', or in a later one that is shown' : ''}.`,
    `The cohort’s own and ${periods} more.`,
    describeScope(question),
  ].join(' ');
}
