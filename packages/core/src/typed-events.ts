/** Any event name with any properties: the map of events of a client that was given none. */
export type AnyEvents = Record<string, object | undefined>;

/**
 * What `track` takes after the name: `None` for an event without properties, optional ones where all of them are
 * optional.
 */
export type PropertyArguments<Properties, None extends unknown[] = []> = [Properties] extends [
  undefined | null,
]
  ? None
  : undefined extends Properties
    ? [properties?: Properties]
    : object extends Properties
      ? [properties?: Properties]
      : Record<never, never> extends Properties
        ? [properties?: Properties]
        : [properties: Properties];
