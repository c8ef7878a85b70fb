-- Reviews by people: queues, their items as they were when they were queued, who has which item, and what was said.
CREATE TYPE "review_queue_kind" AS ENUM ('rate', 'pair');
CREATE TYPE "review_queue_state" AS ENUM ('open', 'closed');
CREATE TYPE "review_task_state" AS ENUM ('open', 'done', 'adjudicate', 'adjudicated');
CREATE TYPE "review_assignment_state" AS ENUM ('leased', 'released', 'done', 'skipped');
CREATE TYPE "review_kind" AS ENUM ('review', 'adjudication', 'withdrawal', 'skip');
CREATE TYPE "review_choice" AS ENUM ('first', 'second', 'tie', 'both_bad');

CREATE TABLE "review_queue" (
    "id" UUID NOT NULL,
    "kind" "review_queue_kind" NOT NULL,
    "state" "review_queue_state" NOT NULL DEFAULT 'open',
    "name" TEXT NOT NULL,
    "instructions" TEXT NOT NULL,
    "rubric" JSONB,
    "reviews_per_item" INTEGER NOT NULL,
    "blind" BOOLEAN NOT NULL,
    "source" JSONB NOT NULL,
    "runs" JSONB NOT NULL DEFAULT '[]',
    "benchmark" TEXT,
    "created_by" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    -- Counted by the triggers below.
    "items" INTEGER NOT NULL DEFAULT 0,
    "room" INTEGER NOT NULL DEFAULT 0,
    "reviews" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "adjudicate" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "review_queue_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "review_queue_asks_something" CHECK (("kind" = 'rate') = ("rubric" IS NOT NULL)),
    CONSTRAINT "review_queue_reviews_per_item" CHECK ("reviews_per_item" BETWEEN 1 AND 20)
);
CREATE UNIQUE INDEX "review_queue_created_by_request_id_key" ON "review_queue"("created_by", "request_id");
CREATE INDEX "review_queue_created_at_idx" ON "review_queue"("created_at");
ALTER TABLE "review_queue" ADD CONSTRAINT "review_queue_created_by_fkey" FOREIGN KEY ("created_by") REFERENCES "account_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "review_assignee" (
    "queue_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    CONSTRAINT "review_assignee_pkey" PRIMARY KEY ("queue_id", "user_id")
);
CREATE INDEX "review_assignee_user_id_idx" ON "review_assignee"("user_id");
ALTER TABLE "review_assignee" ADD CONSTRAINT "review_assignee_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "review_queue"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "review_assignee" ADD CONSTRAINT "review_assignee_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "account_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- An item, as it was when it was queued: it outlives run, sample and report.
CREATE TABLE "review_task" (
    "id" UUID NOT NULL,
    "queue_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "state" "review_task_state" NOT NULL DEFAULT 'open',
    -- Reviews wanted; places taken (leased or done); reviews given; reviewers who skipped it.
    "needed" INTEGER NOT NULL,
    "taken" INTEGER NOT NULL DEFAULT 0,
    "given" INTEGER NOT NULL DEFAULT 0,
    "skips" INTEGER NOT NULL DEFAULT 0,
    "task" "task" NOT NULL,
    "group" TEXT,
    "prompt" TEXT NOT NULL,
    "content" JSONB NOT NULL DEFAULT '{}',
    "flag_id" UUID,

    CONSTRAINT "review_task_pkey" PRIMARY KEY ("id"),
    -- Never more reviewers than are needed, whatever happens at once.
    CONSTRAINT "review_task_counts" CHECK ("given" BETWEEN 0 AND "taken" AND "taken" <= "needed" AND "skips" >= 0)
);
CREATE UNIQUE INDEX "review_task_queue_id_position_key" ON "review_task"("queue_id", "position");
CREATE INDEX "review_task_queue_id_group_position_idx" ON "review_task"("queue_id", "group", "position");
CREATE INDEX "review_task_queue_id_state_position_idx" ON "review_task"("queue_id", "state", "position");
CREATE INDEX "review_task_flag_id_idx" ON "review_task"("flag_id");
-- What is handed out next: begun items, the nearest to their end first; untouched ones; any with room.
CREATE INDEX "review_task_begun" ON "review_task"("queue_id", "given" DESC, "position") WHERE "state" = 'open' AND "taken" < "needed" AND "given" > 0;
CREATE INDEX "review_task_untouched" ON "review_task"("queue_id", "position") WHERE "state" = 'open' AND "taken" = 0 AND "skips" = 0;
CREATE INDEX "review_task_room" ON "review_task"("queue_id", "position") WHERE "state" = 'open' AND "taken" < "needed";
CREATE INDEX "review_task_skipped" ON "review_task"("queue_id", "position") WHERE "state" = 'open' AND "skips" > 0;
ALTER TABLE "review_task" ADD CONSTRAINT "review_task_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "review_queue"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "review_task" ADD CONSTRAINT "review_task_flag_id_fkey" FOREIGN KEY ("flag_id") REFERENCES "flag"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Source, question pictures, target.
CREATE TABLE "review_input" (
    "task_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "hash" CHAR(64) NOT NULL,
    CONSTRAINT "review_input_pkey" PRIMARY KEY ("task_id", "position")
);
CREATE INDEX "review_input_hash_idx" ON "review_input"("hash");
ALTER TABLE "review_input" ADD CONSTRAINT "review_input_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "review_task"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "review_input" ADD CONSTRAINT "review_input_hash_fkey" FOREIGN KEY ("hash") REFERENCES "blob"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What is judged: one output, of a pair the first (0) and the second (1), whichever side they are shown on.
CREATE TABLE "review_output" (
    "task_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "hash" CHAR(64),
    "text" TEXT,
    "model" TEXT,
    "run_id" UUID,
    "sample_id" UUID,
    "metric" TEXT,
    "value" DOUBLE PRECISION,
    CONSTRAINT "review_output_pkey" PRIMARY KEY ("task_id", "position"),
    CONSTRAINT "review_output_is_one" CHECK ("hash" IS NOT NULL OR "text" IS NOT NULL)
);
CREATE INDEX "review_output_hash_idx" ON "review_output"("hash");
CREATE INDEX "review_output_run_id_idx" ON "review_output"("run_id");
CREATE INDEX "review_output_sample_id_idx" ON "review_output"("sample_id");
ALTER TABLE "review_output" ADD CONSTRAINT "review_output_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "review_task"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "review_output" ADD CONSTRAINT "review_output_hash_fkey" FOREIGN KEY ("hash") REFERENCES "blob"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "review_output" ADD CONSTRAINT "review_output_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "evaluation_run"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "review_output" ADD CONSTRAINT "review_output_sample_id_fkey" FOREIGN KEY ("sample_id") REFERENCES "sample"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What was said. Append-only: a change is a row that replaces another.
CREATE TABLE "review" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "seq" BIGINT GENERATED ALWAYS AS IDENTITY,
    "task_id" UUID NOT NULL,
    "queue_id" UUID NOT NULL,
    "reviewer_id" UUID NOT NULL,
    "kind" "review_kind" NOT NULL,
    "answers" JSONB,
    -- Of a pair: what was chosen, and whether the second output was shown on the left.
    "choice" "review_choice",
    "flipped" BOOLEAN,
    "reason" TEXT,
    "replaces" UUID,
    "request_id" UUID,
    "spent_ms" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "review_has_answers" CHECK (("kind" IN ('review', 'adjudication')) = ("answers" IS NOT NULL)),
    CONSTRAINT "review_says_why" CHECK ("kind" NOT IN ('adjudication', 'skip') OR "reason" IS NOT NULL),
    CONSTRAINT "review_withdraws_one" CHECK ("kind" <> 'withdrawal' OR "replaces" IS NOT NULL),
    CONSTRAINT "review_vote_has_sides" CHECK (("choice" IS NULL) = ("flipped" IS NULL))
);
CREATE UNIQUE INDEX "review_seq_key" ON "review"("seq");
CREATE UNIQUE INDEX "review_reviewer_id_request_id_key" ON "review"("reviewer_id", "request_id");
-- What one reviewer said of one item is a chain, so that one review or vote at most is the present one.
CREATE UNIQUE INDEX "review_replaces_key" ON "review"("replaces");
CREATE UNIQUE INDEX "review_id_task_id_key" ON "review"("id", "task_id");
CREATE UNIQUE INDEX "review_first_of_reviewer" ON "review"("task_id", "reviewer_id") WHERE "replaces" IS NULL AND "kind" <> 'adjudication';
-- And one decision at most ends an item.
CREATE UNIQUE INDEX "review_one_adjudication" ON "review"("task_id") WHERE "kind" = 'adjudication';
CREATE INDEX "review_task_id_seq_idx" ON "review"("task_id", "seq");
CREATE INDEX "review_queue_id_seq_idx" ON "review"("queue_id", "seq");
ALTER TABLE "review" ADD CONSTRAINT "review_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "review_task"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "review" ADD CONSTRAINT "review_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "review_queue"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "review" ADD CONSTRAINT "review_reviewer_id_fkey" FOREIGN KEY ("reviewer_id") REFERENCES "account_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "review" ADD CONSTRAINT "review_replaces_fkey" FOREIGN KEY ("replaces", "task_id") REFERENCES "review"("id", "task_id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE FUNCTION review_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Reviews are append-only.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "review_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "review"
  FOR EACH STATEMENT EXECUTE FUNCTION review_is_append_only();

-- Who has, had or did which item. A released place is free for others; its lease is still good where nobody took it.
CREATE TABLE "review_assignment" (
    "task_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "queue_id" UUID NOT NULL,
    "state" "review_assignment_state" NOT NULL,
    "lease" UUID NOT NULL,
    "lease_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "leased_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    -- Drawn once for this reviewer: whether the second output of a pair is on the left.
    "flipped" BOOLEAN NOT NULL,
    -- The last of their reviews of it: the present one where the state is done or skipped.
    "review_id" UUID,
    CONSTRAINT "review_assignment_pkey" PRIMARY KEY ("task_id", "user_id"),
    CONSTRAINT "review_assignment_done_has_review" CHECK ("state" NOT IN ('done', 'skipped') OR "review_id" IS NOT NULL)
);
CREATE UNIQUE INDEX "review_assignment_review_id_key" ON "review_assignment"("review_id");
CREATE INDEX "review_assignment_mine" ON "review_assignment"("user_id", "queue_id", "state");
CREATE INDEX "review_assignment_leased" ON "review_assignment"("queue_id", "lease_expires_at") WHERE "state" = 'leased';
ALTER TABLE "review_assignment" ADD CONSTRAINT "review_assignment_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "review_task"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "review_assignment" ADD CONSTRAINT "review_assignment_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "review_queue"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "review_assignment" ADD CONSTRAINT "review_assignment_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "account_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "review_assignment" ADD CONSTRAINT "review_assignment_review_id_fkey" FOREIGN KEY ("review_id") REFERENCES "review"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- How far each reviewer is; locked first by everything that a reviewer does in a queue.
CREATE TABLE "review_progress" (
    "queue_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "reviews" INTEGER NOT NULL DEFAULT 0,
    "last_at" TIMESTAMPTZ(3),
    -- Where their search among all items with room goes on.
    "cursor" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "review_progress_pkey" PRIMARY KEY ("queue_id", "user_id")
);
CREATE INDEX "review_progress_user_id_idx" ON "review_progress"("user_id");
ALTER TABLE "review_progress" ADD CONSTRAINT "review_progress_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "review_queue"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "review_progress" ADD CONSTRAINT "review_progress_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "account_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "review_draft" (
    "task_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "answers" JSONB NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "review_draft_pkey" PRIMARY KEY ("task_id", "user_id")
);
CREATE INDEX "review_draft_user_id_idx" ON "review_draft"("user_id");
ALTER TABLE "review_draft" ADD CONSTRAINT "review_draft_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "review_task"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "review_draft" ADD CONSTRAINT "review_draft_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "account_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Pictures that were sent to be reviewed: the team's alone, unless the same bytes are public otherwise.
CREATE TABLE "review_upload" (
    "hash" CHAR(64) NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "review_upload_pkey" PRIMARY KEY ("hash")
);
CREATE INDEX "review_upload_user_id_idx" ON "review_upload"("user_id");
ALTER TABLE "review_upload" ADD CONSTRAINT "review_upload_hash_fkey" FOREIGN KEY ("hash") REFERENCES "blob"("hash") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "review_upload" ADD CONSTRAINT "review_upload_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "account_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The counts of an item follow its assignments, those of a queue and of a reviewer follow both.
CREATE FUNCTION review_count_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was "review_assignment_state" := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD."state" END;
  taken_by integer := (NEW."state" IN ('leased', 'done'))::int - coalesce(was IN ('leased', 'done'), false)::int;
  given_by integer := (NEW."state" = 'done')::int - coalesce(was = 'done', false)::int;
  skips_by integer := (NEW."state" = 'skipped')::int - coalesce(was = 'skipped', false)::int;
BEGIN
  IF taken_by <> 0 OR given_by <> 0 OR skips_by <> 0 THEN
    UPDATE "review_task" SET "taken" = "taken" + taken_by, "given" = "given" + given_by, "skips" = "skips" + skips_by
      WHERE "id" = NEW."task_id";
  END IF;
  IF given_by <> 0 THEN
    INSERT INTO "review_progress" AS p ("queue_id", "user_id", "reviews", "last_at")
      VALUES (NEW."queue_id", NEW."user_id", given_by, now())
      ON CONFLICT ("queue_id", "user_id") DO UPDATE SET "reviews" = p."reviews" + given_by, "last_at" = now();
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "review_assignment_counted" AFTER INSERT OR UPDATE OF "state" ON "review_assignment"
  FOR EACH ROW EXECUTE FUNCTION review_count_assignment();

CREATE FUNCTION review_count_task() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  room_by integer := (NEW."state" = 'open' AND NEW."taken" < NEW."needed")::int
    - (OLD."state" = 'open' AND OLD."taken" < OLD."needed")::int;
  reviews_by integer := NEW."given" - OLD."given";
  done_by integer := (NEW."state" <> 'open')::int - (OLD."state" <> 'open')::int;
  adjudicate_by integer := (NEW."state" = 'adjudicate')::int - (OLD."state" = 'adjudicate')::int;
BEGIN
  IF room_by <> 0 OR reviews_by <> 0 OR done_by <> 0 OR adjudicate_by <> 0 THEN
    UPDATE "review_queue" SET "room" = "room" + room_by, "reviews" = "reviews" + reviews_by,
      "done" = "done" + done_by, "adjudicate" = "adjudicate" + adjudicate_by WHERE "id" = NEW."queue_id";
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "review_task_counted" AFTER UPDATE OF "state", "taken", "given" ON "review_task"
  FOR EACH ROW EXECUTE FUNCTION review_count_task();
