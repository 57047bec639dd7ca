import { describe, expect, it } from '@jest/globals';
import type { Card } from './card.ts';
import { toSlack } from './slack-blocks.ts';

const CARD: Card = {
  kind: 'request',
  approvalId: '018f0000-0000-7000-8000-000000000001',
  actionHash: 'a'.repeat(64),
  url: 'https://agentos.example.com/approvals/018f0000-0000-7000-8000-000000000001',
  title: 'Approval needed',
  occasion: 'Approval needed',
  agentName: 'order-cleaner',
  actionType: 'file.write',
  target: 'orders.csv',
  risk: 'low',
  fields: [{ label: 'path', value: 'orders.csv', isTruncated: false }],
  why: [],
  quorumText: '1 approval',
  expiresAt: '2026-01-01T00:00:00.000Z',
  isOpen: true,
  isComplete: true,
};

describe('the buttons of a message', () => {
  it.each([
    ['low risk that is wholly shown', {}, true, ['approval.approve', 'approval.deny', 'approval.open']],
    ['high risk', { risk: 'high' }, true, ['approval.deny', 'approval.open']],
    ['something not shown', { isComplete: false }, true, ['approval.deny', 'approval.open']],
    ['a request that is settled', { isOpen: false }, true, ['approval.open']],
    ['critical risk', { risk: 'critical' }, true, ['approval.open']],
    ['a server that hears no presses', {}, false, ['approval.open']],
  ] as const)('%s', (_, change, hearsPresses, expected) => {
    const { blocks } = toSlack({ ...CARD, ...change }, hearsPresses);
    const last = blocks.at(-1) as { elements: { action_id: string }[] };
    expect(last.elements.map(({ action_id }) => action_id)).toEqual(expected);
  });
});
