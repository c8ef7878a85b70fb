-- A number of a process means another process on another machine, and after a restart.
ALTER TABLE "worker_heartbeat" ADD COLUMN "machine" TEXT, ADD COLUMN "process" TEXT;
