import type { Requirement } from '../../kernel/approval/model.ts';
import type { Card, CardField } from '../notifications/index.ts';
import { isOdd, showText } from './show-text.ts';
import type { ApprovalRow } from './row.ts';

/** What a card says beside the stored request. */
export interface CardScene {
  readonly occasion: string;
  readonly agentName: string;
  readonly url: string;
  readonly requestedFor?: string;
  /** How many approvals count now. */
  readonly approvals: number;
  /** How it stands, in words; absent while nobody has answered. */
  readonly status?: string;
}

const MAX_FIELDS = 20;
const MAX_VALUE = 600;
const MAX_SHOWN = 2_400;
const MAX_PROSE = 600;
const MAX_REASONS = 8;
const PURPOSES = {
  action: 'Approval needed',
  request: 'Leave in advance',
  deployment: 'Deployment',
  effect_unknown: 'Did it happen?',
} as const;

/** A request as channels show it, from what is stored and would be executed; words of the agent stand apart. */
export function renderCard(row: ApprovalRow, scene: CardScene): Card {
  const fields = toFields(row.params);
  const shownFields = limit(fields);
  const why = [
    ...row.evidence.violations.map(({ message }) => message),
    ...row.evidence.riskReasons,
    ...row.evidence.redactions.map(({ path, class: kind, count }) => `${count} x ${kind} redacted at ${path}`),
  ];
  const isCut = shownFields.some(({ isTruncated }) => isTruncated) || shownFields.length < fields.length;
  const ours = [scene.agentName, row.actionType, row.target, ...fields.flatMap(({ label, raw }) => [label, raw])];
  const odd = [...ours, row.prose ?? ''].some(isOdd) || row.target.length > MAX_VALUE || scene.agentName.length > 100;
  const cautions = [
    ...(isCut ? ['Not everything fits here. Open it in the console to see and answer it.'] : []),
    ...(odd ? ['It holds characters or words that can deceive. Open it in the console and look closely.'] : []),
  ];
  return {
    ...{ kind: 'request', approvalId: row.id, url: scene.url, occasion: scene.occasion, risk: row.risk },
    title: `${PURPOSES[row.purpose]}: ${clip(row.actionType, 80)}`,
    ...{
      agentName: clip(scene.agentName, 100),
      actionType: clip(row.actionType, 100),
      target: clip(row.target, MAX_VALUE),
    },
    ...{ fields: shownFields, actionHash: row.actionHash },
    why: why.slice(0, MAX_REASONS).map((reason) => clip(reason, 300)),
    quorumText: toQuorumText(row.requirement, scene.approvals),
    expiresAt: row.expiresAt.toISOString(),
    ...(scene.requestedFor === undefined ? {} : { requestedFor: clip(scene.requestedFor, 200) }),
    ...(row.prose === undefined ? {} : { prose: clip(row.prose, MAX_PROSE) }),
    ...(scene.status === undefined ? {} : { status: clip(scene.status, 500) }),
    ...(cautions.length === 0 ? {} : { caution: cautions.join(' ') }),
    isComplete: cautions.length === 0 && (row.prose?.length ?? 0) <= MAX_PROSE,
    isOpen: row.status === 'pending',
  };
}

function toQuorumText({ quorum, groups }: Requirement, approvals: number): string {
  const from = groups.map(({ group, count }) => `, at least ${count} of \`${clip(group, 60)}\``).join('');
  return `${quorum} ${quorum === 1 ? 'approval' : 'approvals'}${from}; ${approvals} so far`;
}

interface RawField {
  readonly label: string;
  readonly raw: string;
}

/** One field for each value, by its path; what is not an object is one value. */
function toFields(bytes: Uint8Array): RawField[] {
  const text = Buffer.from(bytes).toString('utf8');
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ label: 'value', raw: text }];
  return Object.entries(value).map(([label, item]) => ({
    label,
    raw: typeof item === 'string' ? item : JSON.stringify(item, null, typeof item === 'object' ? 2 : undefined),
  }));
}

/** The first and the last of what is too long: the sting is often at the end. */
function limit(fields: readonly RawField[]): CardField[] {
  let left = MAX_SHOWN;
  return fields.slice(0, MAX_FIELDS).map(({ label, raw }) => {
    const shown = showText(raw);
    const most = Math.max(0, Math.min(MAX_VALUE, left));
    const isTruncated = shown.length > most || label.length > 100;
    const value = shown.length > most ? cutMiddle(shown, most) : shown;
    left -= value.length;
    return { label: clip(label, 100), value, isTruncated };
  });
}

function cutMiddle(text: string, most: number): string {
  const head = Math.floor(most * 0.6);
  const tail = most - head;
  const start = text.slice(0, head).replace(/[\ud800-\udbff]$/, '');
  const end = tail === 0 ? '' : text.slice(-tail).replace(/^[\udc00-\udfff]/, '');
  return `${start} [… ${text.length - start.length - end.length} characters are not shown here …] ${end}`.trim();
}

function clip(text: string, most: number): string {
  const shown = showText(text);
  return shown.length <= most ? shown : `${shown.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
