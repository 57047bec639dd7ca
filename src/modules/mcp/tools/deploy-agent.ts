import { z } from 'zod';
import { linkBase } from '../../../platform/config/index.ts';
import { violationLines } from '../decision-text.ts';
import { bullets, code, fields, inline, numbered, page, section } from '../markdown.ts';
import { AgentRef, Missing, Violation } from '../schemas.ts';
import { ACTS, defineTool, type View } from '../tool.ts';

const Input = z.strictObject({
  agentId: AgentRef,
  environment: z.enum(['local', 'cloud']).default('local').describe('local = development, cloud = production'),
  autoStart: z.boolean().default(false).describe('Start one run now; a schedule is activated either way'),
});

const Output = z.object({
  deploymentId: z.string(),
  status: z.enum(['deployed', 'pending_approval', 'blocked']),
  version: z.int(),
  environment: z.string(),
  url: z.string(),
  approvalId: z.string().exactOptional(),
  runId: z.string().exactOptional(),
  nextRunAt: z.string().exactOptional(),
  violations: z.array(Violation),
  missing: z.array(Missing),
  notice: z.string().exactOptional(),
});

const HEADS = {
  deployed: '# ✅ Agent Deployed Successfully',
  pending_approval: '# ⏸️ Deployment Pending Approval',
  blocked: '# 🚫 Deployment Blocked by Policy',
} as const;

function nextSteps({ status, runId }: View<z.output<typeof Output>>): string[] {
  if (status === 'blocked') return ['Change what is named above, use `test_agent`, then `deploy_agent` again'];
  if (status === 'pending_approval')
    return [
      'People answer behind the link; no tool can. If they approve, the version is put in force by itself; if nobody answers in time, nothing changes',
      'Use `get_approval` to see where it stands',
    ];
  return [
    runId === undefined ? 'Use `run_agent` to run it now' : `Use \`get_run\` with \`${runId}\` to follow the run`,
    'Use `get_agent_status` and `audit_log` to see what it does',
  ];
}

function toText(name: string, agentId: string, base: string, deployed: View<z.output<typeof Output>>): string {
  const isBlocked = deployed.status === 'blocked';
  return page(
    HEADS[deployed.status],
    fields([
      ['Agent', inline(name)],
      ['ID', agentId],
      ['Deployment', deployed.deploymentId],
      ['Version', deployed.version],
      ['Environment', deployed.environment],
      ['Approval', deployed.approvalId],
      ['Link', deployed.approvalId && `${base}/approvals/${deployed.approvalId}`],
      ['Run', deployed.runId],
      ['Next run', deployed.nextRunAt],
      ['URL', deployed.url],
    ]),
    section('Policy Evaluation', violationLines(deployed.violations) || (isBlocked ? '' : '✅ No violations detected')),
    section(
      'Still Missing',
      bullets(
        deployed.missing.map(
          (m) => `⚠️ ${m.step === undefined ? '' : `${code(m.step)}: `}${inline(m.what)}. ${inline(m.hint)}`,
        ),
      ),
    ),
    section('Notice', deployed.notice === undefined ? '' : inline(deployed.notice)),
    section('Next Steps', numbered(nextSteps(deployed))),
  );
}

export const deployAgent = defineTool({
  name: 'deploy_agent',
  title: 'Deploy agent',
  description:
    'Put the latest version of an agent in force and activate its schedule. Refused while the version is untested, failed its test, or misses something.',
  annotations: ACTS,
  input: Input,
  output: Output,
  run: async ({ agents, config, runs }, input, { caller }) => {
    const deployed = await runs.deploy(caller, input);
    const { name, id } = await agents.get(caller, input.agentId);
    return { kind: 'answer', structured: deployed, text: toText(name, id, linkBase(config), deployed) };
  },
});
