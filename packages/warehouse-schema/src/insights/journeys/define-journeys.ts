import { describeEvents, describeScope } from '../question/describe.ts';
import type { Duration } from '../question/question-schema.ts';
import { type JourneysQuestion, readJourneys } from './journeys-question.ts';

const either = (names: readonly string[]) => names.join(' or ');

/** What an answer of journeys says, in words. */
export function defineJourneys(question: JourneysQuestion): string {
  const { by, start, end, exclude, group, backward, collapse, steps, top, conversion } =
    readJourneys(question);
  const { within = 'session' } = question;
  const whole =
    within === 'session'
      ? 'A journey is a session'
      : `A journey is what a person does ${inTime(within, backward)}`;
  const step = by === 'path' ? 'every page view, by its path' : 'every event';
  return [
    `${whole}; a step is ${step}${exclude.length > 0 ? `, but not ${either(exclude)}` : ''}.`,
    ...(group.length > 0 ? [`Steps that fit ${either(group)} are one under that name.`] : []),
    ...(start.length > 0 ? [`Only from the first ${either(start)} on.`] : []),
    ...(end.length > 0 ? [`Only up to the first ${either(end)}${start.length > 0 ? ' after it' : ''}.`] : []),
    ...(collapse ? ['A step that repeats the one before counts as one with it.'] : []),
    `The ${backward ? 'last' : 'first'} ${steps} steps; at each level the ${top} that most people did, the others together.`,
    backward
      ? 'Counted are journeys whose end lies in the range.'
      : 'Counted are journeys whose first step lies in the range.',
    ...(conversion ? [`Conversion: ${describeEvents(conversion)}, the first within the journey.`] : []),
    describeScope(question),
  ].join(' ');
}

function inTime({ value, unit }: Duration, backward: boolean): string {
  return backward
    ? `within ${value} ${unit}s before their first end in the range`
    : `within ${value} ${unit}s after their first start in the range`;
}
