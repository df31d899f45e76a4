-- Cohorts by name, with their history: the newest version of a name counts; one without a definition is deleted.
CREATE TABLE cohorts (
  project_id integer NOT NULL REFERENCES projects,
  name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  version integer NOT NULL CHECK (version >= 1),
  definition jsonb,
  author text NOT NULL CHECK (author <> ''),
  note text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, name, version)
);
CREATE TRIGGER cohorts_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cohorts
  FOR EACH STATEMENT EXECUTE FUNCTION definitions_changed();
