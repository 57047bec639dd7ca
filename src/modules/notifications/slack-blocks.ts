import type { Card, Notice } from './card.ts';

type Block = Readonly<Record<string, unknown>>;

export interface SlackContent {
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** What the buttons of a request carry. */
export const APPROVE = 'approval.approve';
export const DENY = 'approval.deny';
export const OPEN = 'approval.open';
export const DENY_FORM = 'approval.deny_form';

const MAX_SECTION = 2_900;
const MAX_LINE = 140;
const MAX_MESSAGE = 12_000;

/**
 * A request or notice as Slack blocks. All words are plain text: nothing in them formats, links or calls anybody. Where presses are not heard, there
 * is only the way to the console.
 */
export function toSlack(content: Card | Notice, hearsPresses: boolean): SlackContent {
  return content.kind === 'notice' ? toNotice(content) : toCard(content, hearsPresses);
}

function toNotice({ title, lines, url }: Notice): SlackContent {
  return { text: escape(title), blocks: [header(title), ...sections(lines.join('\n')), actions([openButton(url)])] };
}

function toCard(card: Card, hearsPresses: boolean): SlackContent {
  const { occasion, agentName, actionType, risk, url } = card;
  return {
    text: escape(cut(`${occasion}: ${agentName} wants ${actionType} (${risk} risk)`, MAX_LINE)),
    blocks: [
      ...toBody(fits(card) ? card : shorten(card)),
      actions(card.isOpen && hearsPresses ? toButtons(card) : [openButton(url)]),
    ],
  };
}

function toBody(card: Card): Block[] {
  const { agentName, actionType, target, risk, fields } = card;
  const facts = [
    `Agent: ${agentName}`,
    `Action: ${actionType}`,
    ...(target === '' ? [] : [`Target: ${target}`]),
    `Risk: ${risk}`,
    ...(card.requestedFor === undefined ? [] : [`For: ${card.requestedFor}`]),
    `Needed: ${card.quorumText}`,
    `Until: ${card.expiresAt}`,
    `Hash: ${card.actionHash.slice(0, 12)}`,
  ];
  return [
    header(card.title),
    ...(card.status === undefined ? [] : sections(card.status)),
    ...sections(facts.join('\n')),
    ...fields.flatMap(({ label, value }) => sections(`${label}: ${value}`)),
    ...(card.why.length === 0 ? [] : sections(['Why it is held:', ...card.why.map((w) => `- ${w}`)].join('\n'))),
    ...(card.caution === undefined ? [] : sections(card.caution)),
    ...(card.prose === undefined
      ? []
      : sections(`Words of the agent, unverified:\n| ${card.prose.replaceAll('\n', '\n| ')}`)),
  ];
}

/** Slack refuses a message above a size that it does not document. */
function fits(card: Card): boolean {
  return JSON.stringify(toBody(card)).length <= MAX_MESSAGE;
}

/** What people need to find it in the console. */
function shorten({ prose: _, ...card }: Card): Card {
  return {
    ...card,
    fields: [],
    why: card.why.slice(0, 2),
    caution: 'Not everything fits here. Open it in the console.',
  };
}

/** High and critical risks, and what is not wholly shown, are answered on the page. */
export function mayAnswerHere(card: Card): boolean {
  return card.isOpen && isWhollyShown(card) && (card.risk === 'low' || card.risk === 'medium');
}

export function isWhollyShown(card: Card): boolean {
  return card.isComplete && fits(card);
}

function toButtons(card: Card): Block[] {
  const value = JSON.stringify({ approvalId: card.approvalId, actionHash: card.actionHash });
  const approve = { type: 'button', action_id: APPROVE, style: 'primary', text: plain('Approve'), value };
  const deny = { type: 'button', action_id: DENY, style: 'danger', text: plain('Deny…'), value };
  // What is critical is neither approved nor denied here: the answer would be refused.
  return [...(mayAnswerHere(card) ? [approve] : []), ...(card.risk === 'critical' ? [] : [deny]), openButton(card.url)];
}

/** Asks for a reason; `metadata` is what comes back with it. */
export function toDenyForm(metadata: string): Block {
  return {
    type: 'modal',
    callback_id: DENY_FORM,
    private_metadata: metadata,
    title: plain('Deny the action'),
    submit: plain('Deny'),
    close: plain('Back'),
    blocks: [
      {
        type: 'input',
        block_id: 'reason',
        label: plain('Why?'),
        element: { type: 'plain_text_input', action_id: 'reason', multiline: true, max_length: 1000 },
      },
    ],
  };
}

function openButton(url: string): Block {
  return { type: 'button', action_id: OPEN, text: plain('Open in console'), url };
}

function actions(elements: readonly Block[]): Block {
  return { type: 'actions', elements };
}

function header(words: string): Block {
  return { type: 'header', text: plain(cut(words, MAX_LINE)) };
}

/** In as many sections as its length needs: nothing is cut here. */
function sections(words: string): Block[] {
  const parts: string[] = [];
  for (let rest = escape(words); rest !== '';) {
    const at = rest.length <= MAX_SECTION ? rest.length : cutPoint(rest);
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return parts.map((part) => ({ type: 'section', text: { type: 'plain_text', text: part, emoji: false } }));
}

/** Never inside an entity or half a character. */
function cutPoint(words: string): number {
  const entity = words.lastIndexOf('&', MAX_SECTION);
  const at = entity > MAX_SECTION - 6 ? entity : MAX_SECTION;
  return /[\ud800-\udbff]/.test(words[at - 1] ?? '') ? at - 1 : at;
}

function plain(words: string): Block {
  return { type: 'plain_text', text: escape(words), emoji: false };
}

function cut(words: string, most: number): string {
  return words.length <= most ? words : `${words.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** What Slack asks for; it also takes the meaning from `<!channel>` and `<@user>`. */
export function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
