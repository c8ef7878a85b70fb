-- CreateEnum
CREATE TYPE "task" AS ENUM ('generate', 'edit', 'understand');

-- CreateEnum
CREATE TYPE "generation_state" AS ENUM ('queued', 'running', 'cancelling', 'cancelled', 'done', 'failed');

-- CreateTable
CREATE TABLE "model" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_revision" (
    "id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "manifest_hash" CHAR(64) NOT NULL,
    "version" TEXT NOT NULL,
    "manifest" JSONB NOT NULL,
    "activated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_revision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "visitor" (
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "visitor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "blob" (
    "hash" CHAR(64) NOT NULL,
    "media_type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "touched_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blob_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "generation" (
    "id" UUID NOT NULL,
    "visitor_id" UUID NOT NULL,
    "revision_id" UUID NOT NULL,
    "task" "task" NOT NULL,
    "state" "generation_state" NOT NULL DEFAULT 'queued',
    "prompt" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "parameters" JSONB NOT NULL,
    "source_hash" CHAR(64),
    "parent_id" UUID,
    "picture_hash" CHAR(64),
    "text" TEXT,
    "error" TEXT,
    "timings" JSONB,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "event_seq" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "worker_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "generation_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "generation_finished_when_ended" CHECK (("finished_at" IS NOT NULL) = ("state" IN ('cancelled', 'done', 'failed'))),
    CONSTRAINT "generation_running_has_worker" CHECK ("state" NOT IN ('running', 'cancelling') OR "worker_id" IS NOT NULL),
    CONSTRAINT "generation_failed_says_why" CHECK ("state" <> 'failed' OR "error" IS NOT NULL),
    CONSTRAINT "generation_edit_has_source" CHECK ("task" <> 'edit' OR "source_hash" IS NOT NULL)
);

-- CreateTable
CREATE TABLE "generation_event" (
    "generation_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "generation_event_pkey" PRIMARY KEY ("generation_id","seq")
);

-- CreateTable
CREATE TABLE "worker_heartbeat" (
    "id" UUID NOT NULL,
    "hostname" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "lock_ids" TEXT[],
    "inference" JSONB NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "beat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worker_heartbeat_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "model_name_key" ON "model"("name");

-- CreateIndex
CREATE UNIQUE INDEX "model_revision_manifest_hash_key" ON "model_revision"("manifest_hash");

-- CreateIndex
CREATE INDEX "model_revision_activated_at_idx" ON "model_revision"("activated_at");

-- CreateIndex
CREATE INDEX "blob_touched_at_idx" ON "blob"("touched_at");

-- CreateIndex
CREATE INDEX "generation_visitor_id_id_idx" ON "generation"("visitor_id", "id" DESC);

-- CreateIndex
CREATE INDEX "generation_state_priority_created_at_idx" ON "generation"("state", "priority", "created_at");

-- CreateIndex
CREATE INDEX "generation_parent_id_idx" ON "generation"("parent_id");

-- CreateIndex
CREATE INDEX "generation_source_hash_idx" ON "generation"("source_hash");

-- CreateIndex
CREATE INDEX "generation_picture_hash_idx" ON "generation"("picture_hash");

-- CreateIndex
CREATE INDEX "generation_event_created_at_idx" ON "generation_event"("created_at");

-- CreateIndex
CREATE INDEX "worker_heartbeat_beat_at_idx" ON "worker_heartbeat"("beat_at");

-- AddForeignKey
ALTER TABLE "model_revision" ADD CONSTRAINT "model_revision_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "generation" ADD CONSTRAINT "generation_visitor_id_fkey" FOREIGN KEY ("visitor_id") REFERENCES "visitor"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "generation" ADD CONSTRAINT "generation_revision_id_fkey" FOREIGN KEY ("revision_id") REFERENCES "model_revision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "generation" ADD CONSTRAINT "generation_source_hash_fkey" FOREIGN KEY ("source_hash") REFERENCES "blob"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "generation" ADD CONSTRAINT "generation_picture_hash_fkey" FOREIGN KEY ("picture_hash") REFERENCES "blob"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "generation" ADD CONSTRAINT "generation_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "generation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "generation_event" ADD CONSTRAINT "generation_event_generation_id_fkey" FOREIGN KEY ("generation_id") REFERENCES "generation"("id") ON DELETE CASCADE ON UPDATE CASCADE;
