-- Who did an event: what every insight counts as one person. The one place where that is said.
events.distinct_id
