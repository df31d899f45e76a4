-- Kafka may hold a rejected row more than once: a send that failed may have arrived, and is made again. The name that the
-- row was given when it was refused tells the same row from another one like it. Rows of the spool have none.
ALTER TABLE rejected_events ADD COLUMN IF NOT EXISTS rejection_id String DEFAULT '' CODEC(ZSTD(1));
