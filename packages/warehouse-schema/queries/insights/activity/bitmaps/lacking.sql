-- Rows that are not in the daily bitmaps yet; parts without any are told by their name.
-- reached: as JSON, of each partition the first block that they lack.
toUInt64OrZero(splitByChar('_', events._part)[3]) >= JSONExtract({reached:String}, 'Map(String, UInt64)')[events._partition_id]
    AND events._block_number >= JSONExtract({reached:String}, 'Map(String, UInt64)')[events._partition_id]
