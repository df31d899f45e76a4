-- Whether a person came back often enough in the kth period after the own start, or in a later one that is shown.
arrayExists(j -> countEqual(periods_back, j) >= {minimum:UInt32}, range(k, {periods:UInt32} + 1))
