-- Why rows are taken for those of bots; a row may have several reasons.
SELECT
    arrayJoin(events.bot_reasons) AS reason,
    count() AS row_count
FROM events
WHERE {{rows}} AND events.is_bot
GROUP BY reason
ORDER BY row_count DESC, reason
LIMIT 20
