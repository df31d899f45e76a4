-- The rows of `events` that came in the blocks [from, next) of a partition and are of some UTC days. Parts without such
-- blocks are told by their name.
events._partition_id = {partition:String}
    AND toUInt64OrZero(splitByChar('_', events._part)[3]) >= {from:UInt64}
    AND events._block_number >= {from:UInt64}
    AND events._block_number < {next:UInt64}
    AND toDate(events.timestamp) IN {days:Array(Date)}
