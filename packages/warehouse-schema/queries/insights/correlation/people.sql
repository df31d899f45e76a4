-- Who did the first of two steps of a funnel, whether they went on to the second, and the time that is looked at: from the
-- one to the other, or to the end of the window. Unix milliseconds, [entered, until)
-- window: milliseconds, from the funnel's first step on, its end included
SELECT
    people.person AS person,
    people.capped AS capped,
    people.level >= {{to}} AS converted,
    people.times[{{from}}] AS entered,
    if(converted, people.times[{{to}}], people.times[1] + {{window}} + 1) AS until
FROM ({{peopleLevels}}) AS people
WHERE people.level >= {{from}}
