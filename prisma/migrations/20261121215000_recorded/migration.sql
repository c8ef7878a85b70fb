-- Runs that the repository ships: measured before and elsewhere, with their samples but without the pictures, which the
-- model makes again when somebody wants to see them.
ALTER TABLE evaluation_run ADD COLUMN recorded boolean NOT NULL DEFAULT false;

-- What a picture was when it was scored, where the one made again differs from it (another processor rounds otherwise).
ALTER TABLE sample ADD COLUMN recorded_hash char(64);
CREATE INDEX sample_recorded_hash_idx ON sample (recorded_hash) WHERE recorded_hash IS NOT NULL;
