-- How many exposures of each SDK's version the audit of assignments agrees with, of those since a time.
-- since: Unix milliseconds.
-- columns: library, library_version, split (exposures that the draw decided), mismatches, problems (kinds of them, the most
-- frequent first)
SELECT
    library,
    library_version,
    toUInt64(sum(exposures)) AS split,
    toUInt64(sumIf(exposures, problem != '')) AS mismatches,
    arrayMap(one -> one.2, arrayReverseSort(groupArrayIf((exposures, problem), problem != ''))) AS problems
FROM
(
    SELECT library, library_version, problem, count() AS exposures
    FROM assignment_audit
    WHERE timestamp >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
    GROUP BY library, library_version, problem
)
GROUP BY library, library_version
ORDER BY library, library_version
