-- CreateEnum
CREATE TYPE "revision_kind" AS ENUM ('directory', 'endpoint', 'imported');

-- CreateEnum
CREATE TYPE "run_state" AS ENUM ('running', 'paused', 'cancelled', 'done', 'failed');

-- CreateEnum
CREATE TYPE "sample_state" AS ENUM ('generated', 'scored', 'failed', 'unscored');

-- AlterTable
ALTER TABLE "model_revision"
    ADD COLUMN "kind" "revision_kind" NOT NULL DEFAULT 'directory',
    ADD COLUMN "location" TEXT,
    ALTER COLUMN "activated_at" DROP NOT NULL;

-- CreateTable
CREATE TABLE "benchmark" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "task" "task" NOT NULL,
    "synthetic" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "benchmark_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "benchmark_version" (
    "id" UUID NOT NULL,
    "benchmark_id" UUID NOT NULL,
    "dataset_hash" CHAR(64) NOT NULL,
    "protocol" TEXT NOT NULL,
    "item_count" INTEGER NOT NULL,
    "problems" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "benchmark_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "item" (
    "id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "group" TEXT NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "item_picture" (
    "item_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "hash" CHAR(64) NOT NULL,

    CONSTRAINT "item_picture_pkey" PRIMARY KEY ("item_id","position")
);

-- CreateTable
CREATE TABLE "evaluation_run" (
    "id" UUID NOT NULL,
    "revision_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "source_id" UUID,
    "state" "run_state" NOT NULL DEFAULT 'running',
    "reason" TEXT,
    "settings" JSONB NOT NULL,
    "items" INTEGER[],
    "item_count" INTEGER NOT NULL,
    "repeats" INTEGER NOT NULL,
    "evaluators" JSONB NOT NULL,
    "requests_sent" INTEGER NOT NULL DEFAULT 0,
    "fingerprint" CHAR(64) NOT NULL,
    "fingerprint_of" JSONB NOT NULL,
    "provenance" JSONB NOT NULL,
    "summary" JSONB,
    "incomplete" BOOLEAN,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "paused_ms" DOUBLE PRECISION NOT NULL DEFAULT 0,

    CONSTRAINT "evaluation_run_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "evaluation_run_paused_since" CHECK (("paused_at" IS NOT NULL) = ("state" = 'paused')),
    CONSTRAINT "evaluation_run_finished_when_ended" CHECK (("finished_at" IS NOT NULL) = ("state" IN ('cancelled', 'done', 'failed'))),
    CONSTRAINT "evaluation_run_failed_says_why" CHECK ("state" <> 'failed' OR "reason" IS NOT NULL),
    CONSTRAINT "evaluation_run_done_has_summary" CHECK ("state" <> 'done' OR ("summary" IS NOT NULL AND "incomplete" IS NOT NULL))
);

-- CreateTable
CREATE TABLE "sample" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "repeat" INTEGER NOT NULL,
    "state" "sample_state" NOT NULL,
    "picture_hash" CHAR(64),
    "text" TEXT,
    "error" TEXT,
    "cache_key" CHAR(64),
    "cached" BOOLEAN NOT NULL DEFAULT false,
    "latency_ms" DOUBLE PRECISION,
    "worker_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sample_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sample_says_why" CHECK ("state" NOT IN ('failed', 'unscored') OR "error" IS NOT NULL),
    CONSTRAINT "sample_has_output" CHECK ("state" = 'failed' OR "picture_hash" IS NOT NULL OR "text" IS NOT NULL)
);

-- CreateTable
CREATE TABLE "score" (
    "sample_id" UUID NOT NULL,
    "metric" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "details" JSONB,

    CONSTRAINT "score_pkey" PRIMARY KEY ("sample_id","metric"),
    CONSTRAINT "score_is_finite" CHECK ("value" BETWEEN '-1.7976931348623157e308' AND '1.7976931348623157e308')
);

-- CreateTable
CREATE TABLE "aggregate" (
    "run_id" UUID NOT NULL,
    "metric" TEXT NOT NULL,
    "group" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "mean" DOUBLE PRECISION NOT NULL,
    "standard_error" DOUBLE PRECISION,
    "low" DOUBLE PRECISION,
    "high" DOUBLE PRECISION,

    CONSTRAINT "aggregate_pkey" PRIMARY KEY ("run_id","metric","group")
);

-- CreateTable
CREATE TABLE "published_result" (
    "id" UUID NOT NULL,
    "benchmark" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "unit" TEXT NOT NULL,
    "decimals" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "reported_at" DATE NOT NULL,

    CONSTRAINT "published_result_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "benchmark_name_key" ON "benchmark"("name");

-- CreateIndex
CREATE UNIQUE INDEX "benchmark_version_benchmark_id_dataset_hash_protocol_key" ON "benchmark_version"("benchmark_id", "dataset_hash", "protocol");

-- CreateIndex
CREATE UNIQUE INDEX "item_version_id_position_key" ON "item"("version_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "item_version_id_key_key" ON "item"("version_id", "key");

-- CreateIndex
CREATE INDEX "item_picture_hash_idx" ON "item_picture"("hash");

-- CreateIndex
CREATE INDEX "evaluation_run_version_id_fingerprint_idx" ON "evaluation_run"("version_id", "fingerprint");

-- CreateIndex
CREATE INDEX "evaluation_run_revision_id_idx" ON "evaluation_run"("revision_id");

-- CreateIndex
CREATE INDEX "evaluation_run_source_id_idx" ON "evaluation_run"("source_id");

-- CreateIndex
CREATE INDEX "evaluation_run_state_idx" ON "evaluation_run"("state");

-- CreateIndex
CREATE UNIQUE INDEX "sample_run_id_item_id_repeat_key" ON "sample"("run_id", "item_id", "repeat");

-- CreateIndex
CREATE INDEX "sample_run_id_state_idx" ON "sample"("run_id", "state");

-- CreateIndex
CREATE INDEX "sample_cache_key_idx" ON "sample"("cache_key");

-- CreateIndex
CREATE INDEX "sample_item_id_idx" ON "sample"("item_id");

-- CreateIndex
CREATE INDEX "sample_picture_hash_idx" ON "sample"("picture_hash");

-- CreateIndex
CREATE UNIQUE INDEX "published_result_source_place_model_metric_key" ON "published_result"("source", "place", "model", "metric");

-- CreateIndex
CREATE INDEX "published_result_benchmark_idx" ON "published_result"("benchmark");

-- AddForeignKey
ALTER TABLE "benchmark_version" ADD CONSTRAINT "benchmark_version_benchmark_id_fkey" FOREIGN KEY ("benchmark_id") REFERENCES "benchmark"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "item" ADD CONSTRAINT "item_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "benchmark_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "item_picture" ADD CONSTRAINT "item_picture_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "item_picture" ADD CONSTRAINT "item_picture_hash_fkey" FOREIGN KEY ("hash") REFERENCES "blob"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation_run" ADD CONSTRAINT "evaluation_run_revision_id_fkey" FOREIGN KEY ("revision_id") REFERENCES "model_revision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation_run" ADD CONSTRAINT "evaluation_run_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "benchmark_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation_run" ADD CONSTRAINT "evaluation_run_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "evaluation_run"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sample" ADD CONSTRAINT "sample_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "evaluation_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sample" ADD CONSTRAINT "sample_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sample" ADD CONSTRAINT "sample_picture_hash_fkey" FOREIGN KEY ("picture_hash") REFERENCES "blob"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "score" ADD CONSTRAINT "score_sample_id_fkey" FOREIGN KEY ("sample_id") REFERENCES "sample"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "aggregate" ADD CONSTRAINT "aggregate_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "evaluation_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
