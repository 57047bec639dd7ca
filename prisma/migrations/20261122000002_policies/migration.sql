-- What an operator says about a workspace; a workspace without a row has said nothing.
CREATE TABLE workspace_setting (
  workspace_id uuid PRIMARY KEY REFERENCES workspace (id),
  mail_domains text[] NOT NULL DEFAULT '{}',
  slack_team text,
  -- Values of policy parameters: {"<policy>": {"<parameter>": value}}.
  parameters jsonb NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL DEFAULT app_now()
);

-- The policies that people made. What they say is in `policy_version`; the other columns repeat what lists need.
CREATE TABLE policy (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id text NOT NULL,
  latest_hash text NOT NULL REFERENCES policy_version (hash),
  name text NOT NULL,
  description text NOT NULL,
  category text NOT NULL CHECK (category IN ('security', 'privacy', 'compliance', 'operational', 'governance', 'custom')),
  framework text,
  -- Rules that were given with an attachment are found by their id and not listed.
  origin text NOT NULL CHECK (origin IN ('created', 'attached')),
  created_by uuid NOT NULL REFERENCES person (id),
  created_at timestamptz NOT NULL DEFAULT app_now(),
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX policy_newest ON policy (workspace_id, created_at DESC, id);
