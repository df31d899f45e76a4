import type { Reason } from '../evaluation/evaluation.ts';
import type { AnyFlags, FlagFallback, FlagKey, FlagValue, VariantKey, VariantName } from './flag-types.ts';

/** What a flag or an experiment gives, and why. */
export interface VariantDetails<Value = unknown> {
  key: string;
  /** The flag's value, or the payload of an experiment's variant; else the fallback. */
  value: Value;
  reason: Reason;
  /** Of the definitions; 0 without any. */
  version: number;
  /** Whether the key is a flag's; a flag may have the key of an experiment. */
  isFlag?: boolean | undefined;
  /** Where an experiment decided it. */
  experiment?: string | undefined;
  variant?: string | undefined;
  phase?: number | undefined;
  unit?: string | undefined;
  unitType?: string | undefined;
  bucketingVersion?: number | undefined;
}

/**
 * What a client says of flags and experiments. `Flags` maps a flag to the type of its value, and an experiment to the
 * names of its variants. Nothing here throws or waits: what is not known gives `control`, or the fallback.
 */
export interface Variants<Flags extends object = AnyFlags> {
  /** The unit's variant, which is recorded as an exposure; `control` for whoever takes no part. */
  getVariant<Key extends VariantKey<Flags>>(experiment: Key): VariantName<Flags, Key>;
  /**
   * The flag's value, recorded as an exposure where an experiment decides it. The fallback where there is none, or one of
   * another type than the fallback's.
   */
  getFlag<Key extends FlagKey<Flags>, Fallback extends FlagFallback<Flags, Key>>(
    flag: Key,
    fallback: Fallback,
  ): FlagValue<Flags, Key, Fallback>;
  /** What `getFlag` or `getVariant` would give, and why: a look, which is no exposure. */
  getDetails<Key extends FlagKey<Flags>, Fallback extends FlagFallback<Flags, Key>>(
    key: Key,
    fallback?: Fallback,
  ): VariantDetails<FlagValue<Flags, Key, Fallback>>;
}
