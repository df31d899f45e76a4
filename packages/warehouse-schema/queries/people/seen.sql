-- What arrived since a time: links, and when the newest of them did.
-- since: Unix milliseconds.
-- columns: news, newest (Unix milliseconds)
SELECT
    uniqExact(project_id, from_id, kind, to_id) AS news,
    toUnixTimestamp64Milli(max(first.2)) AS newest
FROM identity_links
WHERE first.2 >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
