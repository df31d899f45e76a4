-- Where a row falls in a set: one element or none.
if(
    {{events}} AND {{at}} >= {from:Int64} AND {{at}} < {end:Int64},
    [({set:UInt8}, toUInt64(indexOf({bounds:Array(Int64)}, roundDown({{at}}, {bounds:Array(Int64)})) - 1))],
    CAST([], 'Array(Tuple(UInt8, UInt64))'))
