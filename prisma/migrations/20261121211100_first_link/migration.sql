-- The link that the first start prints: good only as long as nobody has an account.
ALTER TABLE invitation ADD COLUMN first_start boolean NOT NULL DEFAULT false;
-- Sessions that ended are swept.
CREATE INDEX account_session_expires_at_idx ON account_session (expires_at);
