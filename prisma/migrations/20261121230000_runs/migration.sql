-- What the pages of runs sort, filter and count by stands where an index reaches it, so that no page joins or counts the
-- samples of every run.

-- The words that are asked: prompt, question or instruction.
ALTER TABLE item ADD COLUMN prompt text
  GENERATED ALWAYS AS (coalesce(data ->> 'prompt', data ->> 'question', data ->> 'instruction', '')) STORED;

-- Who started a run, and the sender's own id of the request: sent again, it is the same run.
ALTER TABLE evaluation_run
  ADD COLUMN started_by uuid REFERENCES account_user (id) ON DELETE SET NULL,
  ADD COLUMN request_id uuid UNIQUE,
  -- What was asked for, until a worker has stored its data and knows what the run measures.
  ADD COLUMN request jsonb;
CREATE INDEX evaluation_run_started_by_idx ON evaluation_run (started_by);
CREATE INDEX evaluation_run_created_at_id_idx ON evaluation_run (created_at, id);
CREATE INDEX evaluation_run_state_created_at_id_idx ON evaluation_run (state, created_at, id);
CREATE INDEX evaluation_run_version_id_created_at_id_idx ON evaluation_run (version_id, created_at, id);
DROP INDEX evaluation_run_state_idx;

-- Copied from the item, and from the scores when they are written (server/evaluation/sample-store.ts).
ALTER TABLE sample
  ADD COLUMN position integer,
  ADD COLUMN "group" text,
  ADD COLUMN value double precision,
  ADD COLUMN correct boolean,
  ADD COLUMN margin double precision,
  ADD COLUMN reason text;
UPDATE sample s SET position = i.position, "group" = i."group" FROM item i WHERE i.id = s.item_id;
UPDATE sample s SET value = c.value, correct = c.value = 1, reason = nullif(c.details ->> 'reason', '')
  FROM score c WHERE c.sample_id = s.id AND c.metric = 'correct';
UPDATE sample s SET value = c.value FROM score c WHERE c.sample_id = s.id AND c.metric = 'dino_o';
ALTER TABLE sample ALTER COLUMN position SET NOT NULL, ALTER COLUMN "group" SET NOT NULL;

-- Whoever adds a sample need not know the place of its item.
CREATE FUNCTION sample_takes_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT i.position, i."group" INTO NEW.position, NEW."group" FROM item i WHERE i.id = NEW.item_id;
  RETURN NEW;
END $$;
CREATE TRIGGER sample_takes_place BEFORE INSERT ON sample
  FOR EACH ROW WHEN (NEW.position IS NULL OR NEW."group" IS NULL) EXECUTE FUNCTION sample_takes_place();

-- One for each order of a page. What is filtered by stands in them, so that a filter that few samples pass reads the
-- index alone.
CREATE INDEX sample_by_place_idx ON sample (run_id, position, repeat) INCLUDE ("group", state, correct, id);
CREATE INDEX sample_by_value_idx ON sample (run_id, value, position, repeat) INCLUDE ("group", state, correct, id)
  WHERE value IS NOT NULL;
CREATE INDEX sample_by_margin_idx ON sample (run_id, margin, position, repeat) INCLUDE ("group", state, correct, id)
  WHERE margin IS NOT NULL;
CREATE INDEX sample_by_latency_idx ON sample (run_id, latency_ms, position, repeat) INCLUDE ("group", state, correct, id)
  WHERE latency_ms IS NOT NULL;

-- How many samples a run has in each state, kept by triggers: nobody counts them.
CREATE TABLE run_count (
  run_id uuid PRIMARY KEY REFERENCES evaluation_run (id) ON DELETE CASCADE,
  generated integer NOT NULL DEFAULT 0,
  scored integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  unscored integer NOT NULL DEFAULT 0,
  cached integer NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
INSERT INTO run_count (run_id, generated, scored, failed, unscored, cached)
SELECT r.id, count(*) FILTER (WHERE s.state = 'generated'), count(*) FILTER (WHERE s.state = 'scored'),
  count(*) FILTER (WHERE s.state = 'failed'), count(*) FILTER (WHERE s.state = 'unscored'),
  count(*) FILTER (WHERE s.cached)
FROM evaluation_run r LEFT JOIN sample s ON s.run_id = r.id GROUP BY r.id;

CREATE FUNCTION run_count_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO run_count (run_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER run_count_begin AFTER INSERT ON evaluation_run FOR EACH ROW EXECUTE FUNCTION run_count_begin();

-- Adds what a statement changed, and tells it on the channel of runs (server/evaluation/channel.ts).
CREATE FUNCTION run_count_add(run uuid, g bigint, s bigint, f bigint, u bigint, c bigint) RETURNS void LANGUAGE sql AS $$
  UPDATE run_count SET generated = generated + g, scored = scored + s, failed = failed + f, unscored = unscored + u,
    cached = cached + c WHERE run_id = run;
  SELECT pg_notify('studio_run', run::text);
$$;

CREATE FUNCTION sample_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record;
BEGIN
  FOR changed IN
    SELECT run_id, count(*) FILTER (WHERE state = 'generated') AS g, count(*) FILTER (WHERE state = 'scored') AS s,
      count(*) FILTER (WHERE state = 'failed') AS f, count(*) FILTER (WHERE state = 'unscored') AS u,
      count(*) FILTER (WHERE cached) AS c
    FROM changes GROUP BY run_id ORDER BY run_id
  LOOP
    IF TG_OP = 'DELETE' THEN
      PERFORM run_count_add(changed.run_id, -changed.g, -changed.s, -changed.f, -changed.u, -changed.c);
    ELSE
      PERFORM run_count_add(changed.run_id, changed.g, changed.s, changed.f, changed.u, changed.c);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER sample_added AFTER INSERT ON sample
  REFERENCING NEW TABLE AS changes FOR EACH STATEMENT EXECUTE FUNCTION sample_counted();
CREATE TRIGGER sample_removed AFTER DELETE ON sample
  REFERENCING OLD TABLE AS changes FOR EACH STATEMENT EXECUTE FUNCTION sample_counted();

CREATE FUNCTION sample_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record;
BEGIN
  FOR changed IN
    SELECT run_id, sum(n) FILTER (WHERE state = 'generated') AS g, sum(n) FILTER (WHERE state = 'scored') AS s,
      sum(n) FILTER (WHERE state = 'failed') AS f, sum(n) FILTER (WHERE state = 'unscored') AS u,
      sum(n) FILTER (WHERE cached) AS c
    FROM (SELECT run_id, state, cached, 1 AS n FROM after_it
      UNION ALL SELECT run_id, state, cached, -1 FROM before_it) AS both_sides
    GROUP BY run_id
    HAVING (sum(n) FILTER (WHERE state = 'generated') <> 0 OR sum(n) FILTER (WHERE state = 'scored') <> 0
      OR sum(n) FILTER (WHERE state = 'failed') <> 0 OR sum(n) FILTER (WHERE state = 'unscored') <> 0
      OR sum(n) FILTER (WHERE cached) <> 0)
    ORDER BY run_id
  LOOP
    PERFORM run_count_add(changed.run_id, coalesce(changed.g, 0), coalesce(changed.s, 0), coalesce(changed.f, 0),
      coalesce(changed.u, 0), coalesce(changed.c, 0));
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER sample_moved AFTER UPDATE ON sample
  REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION sample_moved();
