-- CreateTable
CREATE TABLE "leaderboard_test" (
    "first_id" UUID NOT NULL,
    "second_id" UUID NOT NULL,
    "test" TEXT NOT NULL,
    "items" INTEGER NOT NULL,
    "difference" DOUBLE PRECISION,
    "p" DOUBLE PRECISION,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "leaderboard_test_pkey" PRIMARY KEY ("first_id","second_id"),
    CONSTRAINT "leaderboard_test_is_ordered" CHECK ("first_id" < "second_id"),
    CONSTRAINT "leaderboard_test_p_is_a_probability" CHECK ("p" BETWEEN 0 AND 1)
);

-- CreateIndex
CREATE INDEX "leaderboard_test_second_id_idx" ON "leaderboard_test"("second_id");

-- AddForeignKey
ALTER TABLE "leaderboard_test" ADD CONSTRAINT "leaderboard_test_first_id_fkey" FOREIGN KEY ("first_id") REFERENCES "evaluation_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "leaderboard_test" ADD CONSTRAINT "leaderboard_test_second_id_fkey" FOREIGN KEY ("second_id") REFERENCES "evaluation_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
