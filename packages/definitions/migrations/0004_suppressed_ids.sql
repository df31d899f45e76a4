-- Ids of people who were deleted, as hashes: events of theirs that were made or received up to `until_ms` are taken and
-- kept nowhere. The ids themselves are in no table here.
CREATE TABLE suppressed_ids (
  project_id integer NOT NULL,
  salt text NOT NULL CHECK (salt <> ''),
  hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{32}$'),
  until_ms bigint NOT NULL,
  PRIMARY KEY (project_id, salt, hash)
);
CREATE TRIGGER suppressed_ids_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON suppressed_ids
  FOR EACH STATEMENT EXECUTE FUNCTION definitions_changed();
