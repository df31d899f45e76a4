/** Any event name with any properties: the map of events of a client that was given none. */
export type AnyEvents = Record<string, object | undefined>;

/** What `track` takes after the name: nothing for an event without properties, optional where all of them are. */
export type PropertyArguments<Properties> = [Properties] extends [undefined | null]
  ? [properties?: undefined]
  : undefined extends Properties
    ? [properties?: Properties]
    : object extends Properties
      ? [properties?: Properties]
      : Record<never, never> extends Properties
        ? [properties?: Properties]
        : [properties: Properties];
