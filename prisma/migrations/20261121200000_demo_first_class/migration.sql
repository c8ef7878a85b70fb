-- Fair turns instead of priorities: a job's turn is one after its visitor's last, or after the turn that runs now.
ALTER TABLE "generation" DROP COLUMN "priority";
ALTER TABLE "generation" ADD COLUMN "turn" BIGINT NOT NULL DEFAULT 0;
CREATE INDEX "generation_state_turn_created_at_id_idx" ON "generation"("state", "turn", "created_at", "id");

CREATE TABLE "queue_clock" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "turn" BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT "queue_clock_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "queue_clock_single" CHECK ("id" = 1)
);
INSERT INTO "queue_clock" DEFAULT VALUES;

ALTER TABLE "visitor" ADD COLUMN "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
CREATE INDEX "visitor_seen_at_idx" ON "visitor"("seen_at");

-- Grids over two parameters.
CREATE TABLE "grid" (
    "id" UUID NOT NULL,
    "visitor_id" UUID NOT NULL,
    "x" JSONB NOT NULL,
    "y" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "grid_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "grid_visitor_id_idx" ON "grid"("visitor_id");
ALTER TABLE "grid" ADD CONSTRAINT "grid_visitor_id_fkey" FOREIGN KEY ("visitor_id") REFERENCES "visitor"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "generation"
    ADD COLUMN "request_id" UUID,
    ADD COLUMN "error_code" TEXT,
    ADD COLUMN "prompt_tokens" INTEGER,
    ADD COLUMN "completion_tokens" INTEGER,
    ADD COLUMN "imported" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "grid_id" UUID,
    ADD COLUMN "grid_x" INTEGER,
    ADD COLUMN "grid_y" INTEGER;
CREATE UNIQUE INDEX "generation_visitor_id_request_id_key" ON "generation"("visitor_id", "request_id");
CREATE INDEX "generation_grid_id_idx" ON "generation"("grid_id");
ALTER TABLE "generation" ADD CONSTRAINT "generation_grid_id_fkey" FOREIGN KEY ("grid_id") REFERENCES "grid"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "generation" ADD CONSTRAINT "generation_grid_place" CHECK (("grid_x" IS NULL) = ("grid_y" IS NULL));

-- Public links and reports.
CREATE TABLE "share" (
    "token" TEXT NOT NULL,
    "generation_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "share_pkey" PRIMARY KEY ("token")
);
CREATE UNIQUE INDEX "share_generation_id_key" ON "share"("generation_id");
ALTER TABLE "share" ADD CONSTRAINT "share_generation_id_fkey" FOREIGN KEY ("generation_id") REFERENCES "generation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TYPE "flag_reason" AS ENUM ('wrong', 'harmful', 'rights', 'other');
CREATE TABLE "flag" (
    "id" UUID NOT NULL,
    "generation_id" UUID,
    "visitor_id" UUID,
    "reason" "flag_reason" NOT NULL,
    "comment" TEXT NOT NULL DEFAULT '',
    "task" "task" NOT NULL,
    "prompt" TEXT NOT NULL,
    "source_hash" CHAR(64),
    "picture_hash" CHAR(64),
    "text" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "flag_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "flag_generation_id_visitor_id_key" ON "flag"("generation_id", "visitor_id");
CREATE INDEX "flag_created_at_idx" ON "flag"("created_at");
CREATE INDEX "flag_visitor_id_idx" ON "flag"("visitor_id");
CREATE INDEX "flag_source_hash_idx" ON "flag"("source_hash");
CREATE INDEX "flag_picture_hash_idx" ON "flag"("picture_hash");
ALTER TABLE "flag" ADD CONSTRAINT "flag_generation_id_fkey" FOREIGN KEY ("generation_id") REFERENCES "generation"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "flag" ADD CONSTRAINT "flag_visitor_id_fkey" FOREIGN KEY ("visitor_id") REFERENCES "visitor"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "flag" ADD CONSTRAINT "flag_source_hash_fkey" FOREIGN KEY ("source_hash") REFERENCES "blob"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "flag" ADD CONSTRAINT "flag_picture_hash_fkey" FOREIGN KEY ("picture_hash") REFERENCES "blob"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Keys of the HTTP API: only the hash is kept.
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "visitor_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" CHAR(64) NOT NULL,
    "prefix" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");
CREATE INDEX "api_key_visitor_id_idx" ON "api_key"("visitor_id");
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_visitor_id_fkey" FOREIGN KEY ("visitor_id") REFERENCES "visitor"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Who sent which picture: storage is counted by visitor.
CREATE TABLE "upload" (
    "visitor_id" UUID NOT NULL,
    "hash" CHAR(64) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "upload_pkey" PRIMARY KEY ("visitor_id", "hash")
);
CREATE INDEX "upload_hash_idx" ON "upload"("hash");
CREATE INDEX "upload_created_at_idx" ON "upload"("created_at");
ALTER TABLE "upload" ADD CONSTRAINT "upload_visitor_id_fkey" FOREIGN KEY ("visitor_id") REFERENCES "visitor"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "upload" ADD CONSTRAINT "upload_hash_fkey" FOREIGN KEY ("hash") REFERENCES "blob"("hash") ON DELETE CASCADE ON UPDATE CASCADE;

-- How long jobs and model loads took here: what waiting times are told from.
CREATE TABLE "duration" (
    "id" BIGSERIAL NOT NULL,
    "revision_hash" CHAR(64) NOT NULL,
    "device" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "work" JSONB NOT NULL,
    "ms" DOUBLE PRECISION NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "duration_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "duration_positive" CHECK ("ms" >= 0)
);
CREATE INDEX "duration_revision_hash_device_kind_id_idx" ON "duration"("revision_hash", "device", "kind", "id" DESC);

-- How well a model can draw again what it sees: tells a picture outside its world.
CREATE TABLE "picture_check" (
    "hash" CHAR(64) NOT NULL,
    "revision_id" UUID NOT NULL,
    "error" DOUBLE PRECISION NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "picture_check_pkey" PRIMARY KEY ("hash", "revision_id")
);
CREATE INDEX "picture_check_revision_id_idx" ON "picture_check"("revision_id");
ALTER TABLE "picture_check" ADD CONSTRAINT "picture_check_hash_fkey" FOREIGN KEY ("hash") REFERENCES "blob"("hash") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "picture_check" ADD CONSTRAINT "picture_check_revision_id_fkey" FOREIGN KEY ("revision_id") REFERENCES "model_revision"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Counters of the rate limiter (rate-limiter-flexible's own columns).
CREATE TABLE "rate_limit" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,
    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);

-- Requests whose job was removed: sent again, they must not run again. Whoever removes a job, this remembers it.
CREATE TABLE "removed_request" (
    "visitor_id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "removed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "removed_request_pkey" PRIMARY KEY ("visitor_id", "request_id")
);
CREATE INDEX "removed_request_removed_at_idx" ON "removed_request"("removed_at");
CREATE FUNCTION "remember_removed_request"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "removed_request" ("visitor_id", "request_id") VALUES (OLD."visitor_id", OLD."request_id") ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER "generation_removed" AFTER DELETE ON "generation" FOR EACH ROW WHEN (OLD."request_id" IS NOT NULL)
    EXECUTE FUNCTION "remember_removed_request"();
