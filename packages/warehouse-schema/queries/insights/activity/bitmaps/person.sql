-- Who an id is, by name.
dictGetOrDefault('person_overrides', 'person_id', (toUInt32({project_id:UInt32}), id), id)
