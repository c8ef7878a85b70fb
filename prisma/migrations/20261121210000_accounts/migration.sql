-- Accounts of the team, in the shapes that better-auth keeps them in; invitations are ours.
CREATE TYPE role AS ENUM ('viewer', 'reviewer', 'admin');

CREATE TABLE account_user (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  email_verified boolean NOT NULL DEFAULT false,
  image text,
  role role NOT NULL DEFAULT 'viewer',
  -- Whose results, keys and uploads are the account's.
  visitor_id uuid UNIQUE REFERENCES visitor (id) ON DELETE SET NULL,
  -- A person who left: their judgements stay, they cannot sign in.
  disabled_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE account_session (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES account_user (id) ON DELETE CASCADE,
  token text NOT NULL UNIQUE,
  expires_at timestamptz(3) NOT NULL,
  ip_address text,
  user_agent text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX account_session_user_id_idx ON account_session (user_id);

-- How somebody signs in: a password, hashed.
CREATE TABLE account_login (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES account_user (id) ON DELETE CASCADE,
  account_id text NOT NULL,
  provider_id text NOT NULL,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz(3),
  refresh_token_expires_at timestamptz(3),
  scope text,
  password text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (provider_id, account_id)
);
CREATE INDEX account_login_user_id_idx ON account_login (user_id);

CREATE TABLE account_verification (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX account_verification_identifier_idx ON account_verification (identifier);

-- A link that makes one account. Only the sha256 of its token is kept.
CREATE TABLE invitation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  token_hash char(64) NOT NULL UNIQUE,
  role role NOT NULL,
  -- Only for this address, where it is given.
  email text,
  -- Null for the one that the first start prints.
  created_by uuid REFERENCES account_user (id) ON DELETE SET NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3),
  used_by uuid REFERENCES account_user (id) ON DELETE SET NULL,
  revoked_at timestamptz(3)
);
CREATE INDEX invitation_created_at_idx ON invitation (created_at);
CREATE INDEX invitation_created_by_idx ON invitation (created_by);
CREATE INDEX invitation_used_by_idx ON invitation (used_by);
