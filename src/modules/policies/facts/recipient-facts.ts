import { cutText } from '../../../kernel/json.ts';
import { domainToASCII } from 'node:url';
import { NEUTRAL_FACTS, type Facts } from '../../../kernel/policy/facts.ts';
import type { Json } from '../../../kernel/json.ts';
import type { Subject } from '../subject.ts';

const MAX_ADDRESSES = 100;
const MAX_SUBJECT = 1_000;

export type MessageFacts = Pick<Facts, 'recipients' | 'message'>;

/** Who gets a message, and which of them are outside. */
export function toMessageFacts(subject: Pick<Subject, 'type' | 'params' | 'own' | 'connection'>): MessageFacts {
  switch (subject.type) {
    case 'email.send':
      return toMailFacts(subject);
    case 'slack.post':
      return toChatFacts(subject);
    default:
      return { recipients: NEUTRAL_FACTS.recipients, message: NEUTRAL_FACTS.message };
  }
}

function toMailFacts({ params, own }: Pick<Subject, 'params' | 'own'>): MessageFacts {
  const given = [params['to'], params['cc'], params['bcc']].flatMap(toTexts);
  const addresses = [...new Set(given.map(toAddress))];
  const external = addresses.filter((address) => !isOwn(toDomain(address), own.mailDomains));
  const { subject, attachments } = params;
  return {
    recipients: {
      ...NEUTRAL_FACTS.recipients,
      count: addresses.length,
      externalCount: external.length,
      addresses: addresses.slice(0, MAX_ADDRESSES),
      externalDomains: [...new Set(external.map(toDomain))].slice(0, MAX_ADDRESSES),
    },
    message: {
      channel: '',
      subject: typeof subject === 'string' ? cutText(subject, MAX_SUBJECT) : '',
      attachments: Array.isArray(attachments) ? attachments.length : 0,
    },
  };
}

/** A chat message stays inside when it goes to the workspace's own team; a connection that names no team is the workspace's own. */
function toChatFacts({ params, own, connection }: Pick<Subject, 'params' | 'own' | 'connection'>): MessageFacts {
  const { channel } = params;
  const isOutside = connection?.team !== undefined && connection.team !== own.slackTeam;
  return {
    recipients: { ...NEUTRAL_FACTS.recipients, count: 1, externalCount: isOutside ? 1 : 0 },
    message: {
      ...NEUTRAL_FACTS.message,
      channel: typeof channel === 'string' ? channel.replace(/^#/, '').toLowerCase() : '',
    },
  };
}

function toTexts(value: Json | undefined): string[] {
  if (typeof value === 'string') return value.split(/[,;]/).filter((part) => part.trim() !== '');
  return Array.isArray(value) ? (value as readonly Json[]).flatMap(toTexts) : [];
}

/** `Ada <Ada@Example.com>` -> `ada@example.com`; the domain in its ASCII form, so that look-alikes are not the same. */
export function toAddress(text: string): string {
  const bare = (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim().toLowerCase();
  const at = bare.lastIndexOf('@');
  if (at < 0) return bare;
  const domain = bare.slice(at + 1).replace(/\.$/, '');
  return `${bare.slice(0, at)}@${domainToASCII(domain) || domain}`;
}

export function toDomain(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** Whether a domain is one of the workspace's own, or below one. */
export function isOwn(domain: string, own: readonly string[]): boolean {
  // Mail to this machine does not leave it.
  return ['localhost', ...own]
    .filter((mine) => mine !== '')
    .some((mine) => domain === mine.toLowerCase() || domain.endsWith(`.${mine.toLowerCase()}`));
}
