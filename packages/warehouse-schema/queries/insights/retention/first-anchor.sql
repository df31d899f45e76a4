-- Of a person: the interval of the first start of all time and its moment, if it counts: within [from, to), and the first
-- candidate too. One element or none.
if(
    sum(all_started) > 0
        AND minIf(first_start, all_started > 0) = minIf(first_candidate, candidates > 0)
        AND minIf(first_start, all_started > 0).1 >= {from:Int64}
        AND minIf(first_start, all_started > 0).1 < {to:Int64},
    [(toInt32(indexOf({bounds:Array(Int64)}, roundDown(minIf(first_start, all_started > 0).1, {bounds:Array(Int64)}))) - 2, minIf(first_start, all_started > 0).1)],
    [])
