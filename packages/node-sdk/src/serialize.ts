import { stringifyWellFormed } from '@millrace/core';

/** The JSON of an event, every string well-formed. Throws what JSON.stringify throws. */
export function serialize(event: object): string {
  const json = JSON.stringify(event);
  // JSON.stringify escapes a surrogate only where it is alone; most events need no second look.
  return json.includes('\\ud') ? stringifyWellFormed(event) : json;
}
