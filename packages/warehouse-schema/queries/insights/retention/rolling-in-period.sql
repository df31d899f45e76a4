-- Whether a person came back often enough in the kth period after the own start.
countEqual(periods_back, k) >= {minimum:UInt32}
