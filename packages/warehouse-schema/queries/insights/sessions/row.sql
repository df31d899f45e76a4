-- Of a row, what its session needs: Unix milliseconds, id, whose, type, path, whether it meets the conditions, bot.
(
    toUnixTimestamp64Milli(events.timestamp),
    events.message_id,
    events.distinct_id,
    toString(events.type),
    events.path,
    toBool({{meets}}),
    events.is_bot
)
