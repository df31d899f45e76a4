-- The pages with which most sessions begin and end; equal ones by name. '': sessions without any page.
SELECT
    page.1 AS side,
    page.2 AS path,
    count() AS sessions,
    countIf(is_bounce) AS bounces
FROM ({{sessions}})
ARRAY JOIN [('entry', entry_path), ('exit', exit_path)] AS page
GROUP BY side, path
ORDER BY sessions DESC, path
LIMIT {limit:UInt32} BY side
