-- Notes how far the daily bitmaps are: `reached` and `numbered` as JSON, times in Unix milliseconds.
INSERT INTO activity_progress (latest)
SELECT
    (
        {epoch:UInt64},
        now64(6, 'UTC'),
        {holder:String},
        now64(3, 'UTC') + toIntervalMillisecond({hold:UInt32}),
        JSONExtract({reached:String}, 'Map(String, Map(String, UInt64))'),
        mapApply((project, number) -> (toUInt32(project), number), JSONExtract({numbered:String}, 'Map(String, UInt32)')),
        {batch:UInt64},
        {overrides:UInt64},
        fromUnixTimestamp64Milli({swept_at:Int64}, 'UTC')
    )
