import { cutText } from '../../kernel/json.ts';
import type { Requirement, RiskRequirements } from '../../kernel/approval/model.ts';
import { ROLES } from '../../kernel/caller.ts';
import { RISKS, type Risk } from '../../kernel/policy/model.ts';
import { AppError } from '../../platform/errors/index.ts';

export type Quorums = Partial<RiskRequirements>;
type Share = Pick<Requirement, 'quorum' | 'groups'>;

const MAX_QUORUM = 10;

/** `high=3`, `high=3:owner`, `critical=2:owner,finance*2`; with nothing after `=` the default comes back. */
export function parseQuorum(text: string): readonly [Risk, Share | undefined] {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const risk = RISKS.find((each) => each === name.trim());
  if (risk === undefined) throw wrong(text, `Risks: ${RISKS.join(', ')}`);
  if (value.trim() === '') return [risk, undefined];
  const [, count = '', list] = /^\s*(\d{1,2})\s*(?::(.*))?$/s.exec(value) ?? [];
  const quorum = Number(count);
  if (count === '' || quorum < 1 || quorum > MAX_QUORUM) throw wrong(text, `The count is 1 to ${MAX_QUORUM}`);
  const groups = (list ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => toShare(text, each));
  if (groups.reduce((sum, share) => Math.max(sum, share.count), 0) > quorum)
    throw wrong(text, 'A group cannot give more than all');
  return [risk, { quorum, groups }];
}

function toShare(text: string, share: string): Share['groups'][number] {
  const [, group = '', count = '1'] = /^([a-z][a-z0-9-]{0,39})(?:\*(\d{1,2}))?$/.exec(share) ?? [];
  if (group === '' || Number(count) < 1)
    throw wrong(text, `Groups are roles (${ROLES.join(', ')}) or words that \`agentos user\` gave`);
  return { group, count: Number(count) };
}

function wrong(text: string, why: string): AppError {
  return new AppError('invalid_input', `\`${cutText(text, 80)}\` is no quorum. ${why}. Example: high=3:owner.`);
}
