import { cutText } from '../../kernel/json.ts';
import { AppError } from '../../platform/errors/index.ts';

/** Where a workspace says nothing else. */
export const MAX_OPEN_APPROVALS = 20;
const MOST = 10_000;

/** Nothing: the default again. */
export function parseMaxOpenApprovals(text: string): number | null {
  if (text.trim() === '') return null;
  const max = /^\s*\d{1,5}\s*$/.test(text) ? Number(text) : 0;
  if (max >= 1 && max <= MOST) return max;
  throw new AppError(
    'invalid_input',
    `\`${cutText(text, 80)}\` is no number of open requests. Give 1 to ${MOST}, or nothing for the default ${MAX_OPEN_APPROVALS}.`,
  );
}
