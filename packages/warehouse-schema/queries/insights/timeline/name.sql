-- What a person is called who has this id.
SELECT dictGetOrDefault('person_overrides', 'person_id', ({project_id:UInt32}, {person:String}), {person:String}) AS name
