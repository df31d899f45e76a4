-- Whether a person of a cohort came back in the kth interval after it.
bitAnd(bitShiftRight(back, toUInt16(anchor.1 + k)), toUInt256(1)) != 0
