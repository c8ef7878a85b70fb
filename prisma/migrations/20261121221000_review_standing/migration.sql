-- Of reviewers who did thousands of items: how many with room are not open to them, and when that was counted.
ALTER TABLE "review_progress" ADD COLUMN "blocked" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "review_progress" ADD COLUMN "blocked_at" TIMESTAMPTZ(3);
