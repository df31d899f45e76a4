-- Who did an event, as a number: what every insight counts as one person. The one place where that is said, but for the
-- name (person-name.sql); docs/people.md has the rules.
dictGetOrDefault('person_keys', 'person', cityHash64(events.project_id, events.distinct_id), cityHash64(events.project_id, events.distinct_id))
