-- The rows of which sessions are made: what is further away from the range than a session may be long is not looked at.
-- project_id; from, to: Unix milliseconds, [from, to)
events.project_id = {project_id:UInt32}
    AND events.timestamp >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND events.timestamp < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
