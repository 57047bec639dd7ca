import type { Tool } from '../tool.ts';
import { cancelApproval, getApproval, listApprovals, requestApproval } from './approvals.ts';
import { attachPolicy } from './attach-policy.ts';
import { auditLog } from './audit-log.ts';
import { createAgent } from './create-agent.ts';
import { createPolicy } from './create-policy.ts';
import { deployAgent } from './deploy-agent.ts';
import { getAgentStatus } from './get-agent-status.ts';
import { listAgents } from './list-agents.ts';
import { listTemplates } from './list-templates.ts';
import { performAction } from './perform-action.ts';
import { getRun, runAgent } from './run-agent.ts';
import { stopAgent } from './stop-agent.ts';
import { testAgent } from './test-agent.ts';

/** Every tool, in the order in which clients list them. There is none that approves. */
export const TOOLS: readonly Tool[] = [
  createAgent,
  attachPolicy,
  createPolicy,
  testAgent,
  deployAgent,
  runAgent,
  getRun,
  stopAgent,
  listAgents,
  getAgentStatus,
  performAction,
  requestApproval,
  getApproval,
  listApprovals,
  cancelApproval,
  listTemplates,
  auditLog,
];
