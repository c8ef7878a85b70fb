-- Who may read a run: its owner and admins, the team, or everybody. Publishing is an act of its own, after the end.
CREATE TYPE run_visibility AS ENUM ('private', 'team', 'published');
ALTER TABLE evaluation_run
  ADD COLUMN visibility run_visibility NOT NULL DEFAULT 'team',
  -- What people call it, and say about it.
  ADD COLUMN name text,
  ADD COLUMN note text,
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT evaluation_run_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
  ADD CONSTRAINT evaluation_run_note_check CHECK (char_length(note) BETWEEN 1 AND 4000),
  ADD CONSTRAINT evaluation_run_tags_check CHECK (cardinality(tags) <= 20);

-- Until now everybody saw every run. What stood on the leaderboard stays there; the rest is the team's.
UPDATE evaluation_run SET visibility = 'published' WHERE state = 'done' AND (recorded OR NOT incomplete);
ALTER TABLE evaluation_run
  ADD CONSTRAINT evaluation_run_published_check CHECK (visibility <> 'published' OR state = 'done');

CREATE INDEX evaluation_run_visibility_created_at_id_idx ON evaluation_run (visibility, created_at, id);
