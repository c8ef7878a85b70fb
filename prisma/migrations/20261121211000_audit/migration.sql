-- Who did what. Written once: nothing here is ever changed or removed.
CREATE TABLE audit_event (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  at timestamptz(3) NOT NULL DEFAULT now(),
  -- Null for what the server did itself, e.g. the link of the first start.
  user_id uuid REFERENCES account_user (id) ON DELETE RESTRICT,
  -- The part before the point of `what`: account, review.
  area text NOT NULL GENERATED ALWAYS AS (split_part(what, '.', 1)) STORED,
  what text NOT NULL CHECK (what ~ '^[a-z]+\.[a-z_]+$'),
  -- No foreign keys: the record outlives what it is about.
  queue_id uuid,
  task_id uuid,
  details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_event_area_id_idx ON audit_event (area, id DESC);
CREATE INDEX audit_event_queue_id_id_idx ON audit_event (queue_id, id DESC);
CREATE INDEX audit_event_task_id_idx ON audit_event (task_id);
CREATE INDEX audit_event_user_id_idx ON audit_event (user_id);

CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_event is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();
