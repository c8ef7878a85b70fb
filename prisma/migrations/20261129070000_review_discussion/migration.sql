-- A review that its reviewer changed to settle a dispute, after reading what the others said: it decides about the item,
-- and agreement counts what was said before.
ALTER TABLE "review" ADD COLUMN "discussed" BOOLEAN NOT NULL DEFAULT false;
