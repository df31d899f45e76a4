-- Definitions as documents with their history; experiments, phases and variants are from now on made from them.

-- A client key stands in web pages; a server key is secret and may also read the whole of the definitions.
ALTER TABLE write_keys ADD COLUMN kind text NOT NULL DEFAULT 'client' CHECK (kind IN ('client', 'server'));

-- The newest version of an environment counts. A document so old that it is no longer kept is NULL.
CREATE TABLE definitions_documents (
  project_id integer NOT NULL REFERENCES projects,
  environment text NOT NULL CHECK (environment ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  version integer NOT NULL CHECK (version >= 1),
  document jsonb,
  bytes integer NOT NULL,
  author text NOT NULL CHECK (author <> ''),
  note text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, environment, version)
);
CREATE TRIGGER definitions_documents_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON definitions_documents
  FOR EACH STATEMENT EXECUTE FUNCTION definitions_changed();

-- Each phase has what its units were drawn with, so that every assignment can be recomputed later.
ALTER TABLE phases
  ADD COLUMN unit_type text NOT NULL DEFAULT 'anonymousId' CHECK (unit_type <> ''),
  ADD COLUMN bucketing_version integer NOT NULL DEFAULT 1,
  ADD COLUMN traffic_salt text,
  ADD COLUMN variant_salt text;
UPDATE phases SET unit_type = e.unit_type, bucketing_version = e.bucketing_version,
  traffic_salt = e.traffic_salt, variant_salt = e.variant_salt
  FROM experiments e WHERE e.experiment_id = phases.experiment_id;
ALTER TABLE phases
  ALTER COLUMN traffic_salt SET NOT NULL,
  ALTER COLUMN variant_salt SET NOT NULL,
  ADD CHECK (traffic_salt <> '' AND variant_salt <> '' AND traffic_salt <> variant_salt);
-- started_at is from when a phase may draw and may lie ahead, as may ended_at: several phases can be planned.
DROP INDEX phases_running;

ALTER TABLE experiments
  DROP COLUMN traffic_salt,
  DROP COLUMN variant_salt,
  ALTER COLUMN bucketing_version TYPE integer,
  ADD COLUMN environment text NOT NULL DEFAULT 'production',
  ADD COLUMN enabled boolean NOT NULL DEFAULT true,
  DROP CONSTRAINT experiments_project_id_key_key,
  ADD UNIQUE (project_id, environment, key);

-- The copy of the definitions from before does not fit any more: it is older.
UPDATE definitions_version SET version = version + 1;
