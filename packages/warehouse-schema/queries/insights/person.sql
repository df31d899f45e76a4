-- Who did an event: what every insight counts as one person. The one place where that is said; docs/people.md has the rules.
dictGetOrDefault('person_overrides', 'person_id', (events.project_id, events.distinct_id), events.distinct_id)
