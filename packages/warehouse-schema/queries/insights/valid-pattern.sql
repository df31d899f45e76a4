-- Fails where the pattern is no regular expression that ClickHouse reads.
SELECT match('', {pattern:String}) AS matched
