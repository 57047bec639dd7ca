import { cutText } from '../../kernel/json.ts';
const LONGEST_LINE = 500;
const LONGEST_BLOCK = 6_000;
// Terminal sequences, control and format characters (zero-width, bidi, tags): text from outside must not hide or draw anything.
const UNSEEN = /(?![\t\n])\p{Cc}\[[0-9;?]*[ -/]*[@-~]|(?![\t\n])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text of unknown origin on one line: what cannot be seen is removed, the rest is cut at 500 characters. */
export function inline(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(UNSEEN, '').trim();
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line;
}

/** A person's own text: as `inline`, but it keeps its lines. */
export function prose(text: string): string {
  return text.replace(UNSEEN, '').trim();
}

/** Backticks around a value, safe for values that hold backticks themselves. */
export function code(text: string): string {
  const line = inline(text);
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``;
}

/** `**Name:** value` lines; a value that is undefined is left out. */
export function fields(pairs: readonly (readonly [string, string | number | undefined])[]): string {
  return pairs
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `**${name}:** ${value}`)
    .join('  \n');
}

/** A section with its heading, or nothing when it has no lines. */
export function section(title: string, lines: readonly string[] | string): string {
  const body = typeof lines === 'string' ? lines : lines.join('\n');
  return body === '' ? '' : `## ${title}\n\n${body}`;
}

export const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
export const numbered = (lines: readonly string[]): string => lines.map((line, i) => `${i + 1}. ${line}`).join('\n');

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => inline(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Data in a fence that the data itself cannot close; past 6,000 characters it is cut and says where the rest is. */
export function data(value: unknown, rest = 'are in the structured content'): string {
  if (value === undefined) return '';
  const full = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const shown = full.length > LONGEST_BLOCK ? cutText(full, LONGEST_BLOCK) : full;
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const note = full.length > shown.length ? `\n\n(${full.length - shown.length} more characters ${rest}.)` : '';
  return `${fence}${typeof value === 'string' ? '' : 'json'}\n${shown.replace(UNSEEN, '')}\n${fence}${note}`;
}

/** Parts with an empty line between them; empty parts leave no trace. */
export function page(...parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join('\n\n');
}
