-- Of a person: the intervals with a start, each with the moment of its first one.
groupArrayIf((position - 1, anchor_at), started > 0)
