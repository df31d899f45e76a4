import type { Json } from '../event.ts';

/** Any flag with any value: the map of flags of a client that was given none. */
export type AnyFlags = { [key: string]: Json };

/** The keys of a map of flags. */
export type FlagKey<Flags extends object> = keyof Flags & string;

/** The keys of those that may be experiments: their values are the names of variants. */
export type VariantKey<Flags extends object> = {
  [Key in FlagKey<Flags>]: string extends keyof Flags ? Key : Flags[Key] extends string ? Key : never;
}[FlagKey<Flags>];

/** What an experiment may give: its variants, and `control` to whoever takes no part. */
export type VariantName<Flags extends object, Key extends string> = string extends keyof Flags
  ? string
  : (Key extends keyof Flags ? Flags[Key] & string : never) | 'control';

/** What may be given as the fallback of a flag. */
export type FlagFallback<Flags extends object, Key extends string> = string extends keyof Flags
  ? unknown
  : Key extends keyof Flags
    ? Flags[Key]
    : never;

/** The value of a flag: by the map, else by the type of the fallback. */
export type FlagValue<Flags extends object, Key extends string, Fallback> = string extends keyof Flags
  ? Widened<Fallback>
  : Key extends keyof Flags
    ? Flags[Key]
    : never;

/** A fallback of `false` does not mean that the flag is always false. */
type Widened<Value> = Value extends boolean
  ? boolean
  : Value extends number
    ? number
    : Value extends string
      ? string
      : Value;
