-- How many people there are, and the first of them by name.
SELECT
    count() AS count,
    arraySlice(groupArraySorted(10000)(person), 1, {limit:UInt32}) AS people
FROM ({{people}})
