import type { Card, Notice } from './card.ts';

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const MAX_SUBJECT = 150;

/** A request or notice as mail: the same words as text and as HTML. One link, which opens a page and decides nothing. */
export function toMail(content: Card | Notice): MailText {
  return content.kind === 'notice' ? toNoticeMail(content) : toCardMail(content);
}

function toNoticeMail({ title, lines, url }: Notice): MailText {
  return {
    subject: toSubject(title),
    text: `${[title, '', ...lines, '', url].join('\n')}\n`,
    html: toHtml(title, [...lines.map((line) => `<p>${escape(line)}</p>`), toLink(url, 'Open the console')]),
  };
}

function toCardMail(card: Card): MailText {
  const facts = toFacts(card);
  const text = [
    `${card.title} (${card.occasion})`,
    ...(card.status === undefined ? [] : ['', card.status]),
    '',
    ...facts.map(([label, value]) => `${label}: ${value.replaceAll('\n', '\n    ')}`),
    ...(card.why.length === 0 ? [] : ['', 'Why it is held:', ...card.why.map((reason) => `- ${reason}`)]),
    ...(card.caution === undefined ? [] : ['', card.caution]),
    ...(card.prose === undefined ? [] : ['', 'Words of the agent, unverified:', indent(card.prose)]),
    '',
    `Look at it and answer: ${card.url}`,
    'You are asked to sign in. Opening the link decides nothing; nobody can answer by replying to this mail.',
  ];
  const html = [
    ...(card.status === undefined ? [] : [`<p><strong>${escape(card.status)}</strong></p>`]),
    `<table>${facts.map(([label, value]) => `<tr><th align="left" valign="top">${escape(label)}</th><td><pre style="margin:0;white-space:pre-wrap">${escape(value)}</pre></td></tr>`).join('')}</table>`,
    ...(card.why.length === 0
      ? []
      : [`<p>Why it is held:</p><ul>${card.why.map((reason) => `<li>${escape(reason)}</li>`).join('')}</ul>`]),
    ...(card.caution === undefined ? [] : [`<p><strong>${escape(card.caution)}</strong></p>`]),
    ...(card.prose === undefined
      ? []
      : [
          `<p>Words of the agent, unverified:</p><pre style="white-space:pre-wrap">${escape(indent(card.prose))}</pre>`,
        ]),
    toLink(card.url, 'Look at it and answer'),
    '<p>You are asked to sign in. Opening the link decides nothing; nobody can answer by replying to this mail.</p>',
  ];
  return {
    subject: toSubject(`${card.occasion}: ${card.agentName} wants ${card.actionType} (${card.risk} risk)`),
    text: `${text.join('\n')}\n`,
    html: toHtml(`${card.title} (${card.occasion})`, html),
  };
}

function toFacts(card: Card): [string, string][] {
  return [
    ['Agent', card.agentName],
    ['Action', card.actionType],
    ...(card.target === '' ? [] : [['Target', card.target] satisfies [string, string]]),
    ['Risk', card.risk],
    ...card.fields.map(({ label, value }): [string, string] => [label, value]),
    ...(card.requestedFor === undefined ? [] : [['For', card.requestedFor] satisfies [string, string]]),
    ['Needed', card.quorumText],
    ['Until', card.expiresAt],
    ['Hash', card.actionHash.slice(0, 12)],
  ];
}

function indent(words: string): string {
  return `| ${words.replaceAll('\n', '\n| ')}`;
}

function toLink(url: string, words: string): string {
  return `<p><a href="${escape(url)}">${words}</a></p>`;
}

function toHtml(title: string, parts: readonly string[]): string {
  const body = parts.join('\n');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title></head><body><h1 style="font-size:1.2em">${escape(title)}</h1>\n${body}\n</body></html>\n`;
}

/** One line, whatever it is made of. */
function toSubject(words: string): string {
  return words
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, MAX_SUBJECT)
    .replace(/[\ud800-\udbff]$/, '');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(words: string): string {
  return words.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
