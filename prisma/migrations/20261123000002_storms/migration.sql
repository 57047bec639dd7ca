-- An agent asks people only so many things at once; null: the default.
ALTER TABLE workspace_setting ADD COLUMN max_open_approvals integer CHECK (max_open_approvals BETWEEN 1 AND 10000);
CREATE INDEX approval_request_asked ON approval_request (agent_id, created_at) WHERE status = 'pending' AND purpose IN ('action', 'request');

-- What is due goes out agent by agent; digests, which are of several, count as one more.
CREATE INDEX delivery_due_of_agent ON delivery (channel, coalesce(agent_id, '00000000-0000-0000-0000-000000000000'), not_before)
  WHERE status = 'pending' AND not_before IS NOT NULL;
