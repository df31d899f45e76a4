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
