-- Who an id is: dictGetOrDefault('person_overrides', 'person_id', (project_id, distinct_id), distinct_id). It holds only
-- ids whose person is not the id itself.
CREATE OR REPLACE DICTIONARY person_overrides
(
    project_id   UInt32,
    distinct_id  String,
    person_id    String
)
PRIMARY KEY project_id, distinct_id
SOURCE({clickhouse}
    QUERY 'SELECT project_id, distinct_id, max(latest).person_id AS person_id FROM {database}.person_override_versions GROUP BY project_id, distinct_id HAVING person_id != distinct_id'
    INVALIDATE_QUERY 'SELECT max(latest.version) FROM {database}.person_override_versions'))
LAYOUT(COMPLEX_KEY_HASHED())
LIFETIME(MIN 2 MAX 5);

-- The same as numbers, for questions that count people and need no names: dictGetOrDefault('person_keys', 'person', key,
-- key), where key is cityHash64(project_id, distinct_id). Numbers are found and grouped several times faster than texts, and
-- of ten million ids the chance that any two have the same is 3 in a million.
CREATE OR REPLACE DICTIONARY person_keys
(
    key     UInt64,
    person  UInt64
)
PRIMARY KEY key
SOURCE({clickhouse}
    QUERY 'SELECT cityHash64(project_id, distinct_id) AS key, cityHash64(project_id, max(latest).person_id) AS person FROM {database}.person_override_versions GROUP BY project_id, distinct_id HAVING max(latest).person_id != distinct_id'
    INVALIDATE_QUERY 'SELECT max(latest.version) FROM {database}.person_override_versions'))
LAYOUT(HASHED())
LIFETIME(MIN 2 MAX 5);
