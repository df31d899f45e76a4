-- Of a person: a bit for each interval with enough returns.
groupBitOr(if(returned >= {minimum:UInt32} AND position > 0, bitShiftLeft(toUInt256(1), toUInt16(greatest(position - 1, 0))), toUInt256(0)))
