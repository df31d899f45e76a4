-- Each interval of a set, with nobody.
SELECT {set:UInt8} AS set, toUInt64(arrayJoin(range({intervals:UInt32}))) AS position, bitmapBuild(CAST([], 'Array(UInt32)')) AS people
