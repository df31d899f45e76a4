-- How many people went on, and how many did not.
SELECT countIf(p.converted) AS converted, countIf(NOT p.converted) AS dropped, countIf(p.capped) AS capped FROM ({{people}}) AS p
