-- What the person is called who did an event, where an answer names people.
dictGetOrDefault('person_overrides', 'person_id', (events.project_id, events.distinct_id), events.distinct_id)
