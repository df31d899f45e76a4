-- Who works with a project, the members of its definitions: dictGet('users', 'role', (project_id, email)); the email is in
-- lower case. People whose events are counted are not in the definitions: they are the distinct_id of `events`.
CREATE OR REPLACE DICTIONARY users
(
    project_id   UInt32,
    email        String,
    user_id      UInt32,
    role         String,
    added_at_ms  Int64
)
PRIMARY KEY project_id, email
SOURCE({postgresql}
    QUERY 'SELECT project_id, lower(email), member_id, role, floor(extract(epoch FROM created_at) * 1000)::bigint FROM members'
    INVALIDATE_QUERY 'SELECT version FROM definitions_version'))
LAYOUT(COMPLEX_KEY_HASHED())
LIFETIME(MIN 2 MAX 5);
