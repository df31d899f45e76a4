-- Which rows of `events` a question is about.
-- project_id; from, to: Unix milliseconds, [from, to)
events.project_id = {project_id:UInt32}
    AND events.timestamp >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND events.timestamp < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND {{bots}}
    AND {{events}}
    AND ({{where}})
