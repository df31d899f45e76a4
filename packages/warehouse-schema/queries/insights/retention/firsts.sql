-- Of a person in an interval: the first start, and the first event that might have been one; the id decides between two
-- of one millisecond.
countIf({{starts}}) AS all_started,
minIf(({{at}}, events.message_id), {{starts}}) AS first_start,
countIf({{candidates}}) AS candidates,
minIf(({{at}}, events.message_id), {{candidates}}) AS first_candidate
