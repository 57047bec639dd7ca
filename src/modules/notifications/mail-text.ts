import type { Card, Notice } from './card.ts';
import {
  toFactTable,
  toHeading,
  toHtml,
  toList,
  toNote,
  toParagraph,
  toQuote,
  toValue,
  type Html,
} from './mail-html.ts';

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const MAX_SUBJECT = 150;
const FOOTER =
  'You are asked to sign in. Opening the link decides nothing; nobody can answer by replying to this mail.';
const UNCHECKED = 'Words of the agent, not verified';

/** A request or notice as mail: the same words as text and as HTML. One link, which opens a page and decides nothing. */
export function toMail(content: Card | Notice): MailText {
  return content.kind === 'notice' ? toNoticeMail(content) : toCardMail(content);
}

function toNoticeMail({ title, lines, url }: Notice): MailText {
  const parts = lines.map((line) => toParagraph(toLine(line)));
  return {
    subject: toSubject(title),
    text: `${[title, '', ...lines.map(toLine), '', url].join('\n')}\n`,
    html: toHtml({ occasion: 'Notice', title, parts, url, action: 'Open the console' }),
  };
}

function toCardMail(card: Card): MailText {
  const { occasion, agentName, actionType, risk } = card;
  return {
    // Our words come first: whatever an agent is called cannot push them out.
    subject: toSubject(`${occasion} (${risk} risk): ${toLine(agentName)} wants ${toLine(actionType)}`),
    text: toText(card),
    html: toCardHtml(card),
  };
}

/** Each line of others is indented or marked, so that none can pass for one of ours. */
function toText(card: Card): string {
  const { occasion, title, status, fields, why, caution, prose, url } = card;
  const lines = [
    `${toLine(title)} (${occasion})`,
    ...(status === undefined ? [] : ['', indent(status)]),
    '',
    ...toFacts(card).map(([label, value]) => `${label}: ${indent(value)}`),
    ...(fields.length === 0 ? [] : ['', 'What would be executed:']),
    ...fields.map(({ label, value }) => `  ${toLine(label)}: ${indent(value)}`),
    ...(why.length === 0 ? [] : ['', 'Why it is held:', ...why.map((reason) => `- ${indent(reason)}`)]),
    ...(caution === undefined ? [] : ['', caution]),
    ...(prose === undefined ? [] : ['', `${UNCHECKED}:`, `| ${prose.replaceAll('\n', '\n| ')}`]),
    ...['', `Look at it and answer: ${url}`, FOOTER],
  ];
  return `${lines.join('\n')}\n`;
}

function toCardHtml(card: Card): string {
  const { occasion, title, risk, status, fields, why, caution, prose, url } = card;
  const parts: Html[] = [
    ...(status === undefined ? [] : [toNote(status, 'calm')]),
    toFactTable(toFacts(card).filter(([label]) => label !== 'Risk')),
    ...(fields.length === 0 ? [] : [toHeading('What would be executed')]),
    ...fields.map(({ label, value }) => toValue(toLine(label), value)),
    ...(caution === undefined ? [] : [toNote(caution, 'warn')]),
    ...(why.length === 0 ? [] : [toHeading('Why it is held'), toList(why)]),
    ...(prose === undefined ? [] : [toHeading(UNCHECKED), toQuote(prose)]),
  ];
  return toHtml({ occasion, title: toLine(title), risk, parts, url, action: 'Look at it and answer', footer: FOOTER });
}

function toFacts(card: Card): [string, string][] {
  return [
    ['Agent', card.agentName],
    ['Action', card.actionType],
    ...(card.target === '' ? [] : [['Target', card.target] satisfies [string, string]]),
    ['Risk', card.risk],
    ...(card.requestedFor === undefined ? [] : [['For', card.requestedFor] satisfies [string, string]]),
    ['Needed', card.quorumText],
    ['Until', `${card.expiresAt.slice(0, 16).replace('T', ' ')} UTC`],
    ['Hash', card.actionHash.slice(0, 12)],
  ];
}

function indent(words: string): string {
  return words.replaceAll('\n', '\n    ');
}

/** One line, whatever it is made of. */
function toLine(words: string): string {
  return words.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim();
}

function toSubject(words: string): string {
  return toLine(words)
    .slice(0, MAX_SUBJECT)
    .replace(/[\ud800-\udbff]$/, '');
}
