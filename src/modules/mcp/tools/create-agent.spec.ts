import { describe, expect, it } from '@jest/globals';
import { toText } from './create-agent.ts';

const agent = {
  id: '0b7c1f9e-3f0e-4c9b-8d43-0c0e6b6f4a11',
  name: 'feedback-reader',
  version: 1,
  status: 'draft',
  task: 'Read feedback',
  language: 'python',
  summary: { source: 'in/feedback.csv (csv)', processing: '', output: 'Not named yet' },
  approvalRequired: false,
  policies: [],
  grants: [],
  steps: [],
};

describe('the text of create_agent', () => {
  it('ticks what is settled, and only that', () => {
    const lines = toText({ agent, recommended: [], missing: [], nextSteps: [] }).split('\n');
    expect(lines.filter((line) => /^- (?:✅|⚠️)/.test(line))).toEqual([
      '- ✅ Data Source: in/feedback.csv (csv)',
      '- ⚠️ Processing: Not named yet',
      '- ⚠️ Output: Not named yet',
    ]);
  });
});
