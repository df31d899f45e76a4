-- Of a row, what its session needs, as bits: 1 a page or screen, 2 a track, 4 it meets the conditions, 8 a bot.
toUInt8((events.type IN ('page', 'screen')) + 2 * (events.type = 'track') + 4 * toBool({{meets}}) + 8 * events.is_bot)
