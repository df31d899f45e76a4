-- Whether a person of a cohort came back in the kth interval after it or a later one that is shown.
bitAnd(bitShiftRight(back, toUInt16(anchor.1 + k)), bitShiftLeft(toUInt256(1), toUInt16({periods:UInt32} + 1 - k)) - 1) != 0
