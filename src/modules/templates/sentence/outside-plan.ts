import { cutText } from '../../../kernel/json.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Missing, Step } from '../../../kernel/run/model.ts';
import { readDeliveries } from './deliveries.ts';
import type { JobPlan } from './plan.ts';
import { takePlaces, type Place } from './places.ts';
import { missingThing, step } from './steps.ts';
import { URL_MARK, type Text } from './text.ts';

interface Outside {
  readonly steps: Step[];
  readonly missing: Missing[];
  readonly source: string;
  readonly processing: string;
  /** Step whose text can be sent on. */
  readonly text?: string;
}

/** Jobs on systems outside: the steps that can be named, and what each still needs. */
export function planOutside(text: Text, template: string): JobPlan {
  const deliveries = readDeliveries(text);
  const outputs = takePlaces(text).filter(({ role }) => role === 'output');
  const outside = toOutside(text, template);
  const sent = deliveries.toSteps(outside.text);
  const stored = outputs[0] === undefined ? { steps: [], missing: [] } : toStored(outputs[0], outside);
  // What is to be done with what was read is a matter of understanding texts: nobody but the author can say it in steps yet.
  text.rest = '';
  return {
    steps: [...outside.steps, ...stored.steps, ...sent.steps],
    missing: [...outside.missing, ...stored.missing, ...sent.missing],
    summary: {
      source: outside.source,
      processing: outside.processing,
      output:
        outputs[0]?.path ??
        (sent.steps.length > 0 ? sent.steps.map(({ action }) => action).join(', ') : 'Not named yet'),
    },
  };
}

function toStored({ path }: Place, { text }: Outside): { steps: Step[]; missing: Missing[] } {
  if (text === undefined)
    return {
      steps: [],
      missing: [missingThing(`the content of \`${path}\``, 'Say in `steps` which output is written there.')],
    };
  return { steps: [step('write', 'file.write', { path, content: `\${{ steps.${text}.output.text }}` })], missing: [] };
}

function toOutside(text: Text, template: string): Outside {
  switch (template) {
    case 'web-scraper':
    case 'api-monitor':
      return toRequests(text, template);
    case 'email-assistant':
      return toMailbox(text);
    case 'database-analyst':
      return toDatabase(text);
    case 'content-moderator':
      return toModeration(text);
    default:
      return toSlack(text);
  }
}

function toRequests(text: Text, template: string): Outside {
  const urls = [...text.rest.matchAll(new RegExp(URL_MARK, 'gu'))].map(([token]) => text.value(token));
  const steps = urls.map((url, index) =>
    step(urls.length === 1 ? 'fetch' : `fetch_${index + 1}`, 'http.request', { url }),
  );
  const missing =
    urls.length > 0
      ? []
      : [missingThing('an address (URL)', 'Name what to request, such as "https://example.com/health".')];
  const isMonitor = template === 'api-monitor';
  const words = text.plain(text.rest.replace(new RegExp(URL_MARK, 'gu'), ''));
  const what = isMonitor ? `what to do with the answer: \`${words}\`` : `what to take from the page: \`${words}\``;
  const hint = isMonitor
    ? 'A request whose answer is an error fails the run; say in `steps` what else is checked and who is told.'
    : 'Extracting from pages is not understood from words; say in `steps` which `data.transform` reads the text of `http.request`.';
  return {
    steps,
    missing: [...missing, missingThing(what, hint)],
    source: urls.length === 0 ? 'Address not named yet' : urls.join(', '),
    processing: isMonitor ? 'Request it and check the answer' : 'Fetch the page and extract data',
    ...(urls.length === 0 ? {} : { text: steps[0]?.name ?? 'fetch' }),
  };
}

const SEARCH: readonly (readonly [string, string])[] = [['unseen', '\\b(?:unread|unseen|new)\\b']];

function toMailbox(text: Text): Outside {
  const query: JsonObject = Object.fromEntries(
    SEARCH.filter(([, words]) => text.has(words)).map(([key]) => [key, true]),
  );
  const isJudged = text.has(
    '\\b(?:feedback|sentiment|categor\\w+|classif\\w+|analy[sz]\\w+|negative|positive|complaints?)\\b',
  );
  const search = step('search', 'email.search', { query });
  const judge = step('analyze', 'text.analyze', {
    texts: '${{ steps.search.output.messages.map(message, message.snippet) }}',
  });
  const missing = [
    missingThing(
      'an email connection (IMAP) to the mailbox',
      'Reading e-mail is not there yet; it needs a connection of the kind imap for the inbox.',
      'search',
    ),
    ...(isJudged
      ? [missingThing('the text analyser', 'Judging texts (`text.analyze`) is not there yet.', 'analyze')]
      : []),
    ...toWish(text, 'messages'),
  ];
  return {
    steps: isJudged ? [search, judge] : [search],
    missing,
    source: 'Email inbox via IMAP',
    processing: isJudged ? 'Sentiment analysis + categorization' : 'Read and process the messages',
  };
}

function toDatabase(text: Text): Outside {
  return {
    steps: [],
    missing: [
      missingThing(
        'a database connection',
        'Databases are not there yet; they need a connection of the kind postgres, mysql or sqlite.',
      ),
      missingThing(
        'the SQL of the query',
        'Give `steps` with `sql.query` and the statement; a statement is not made from words.',
      ),
      ...toWish(text, 'rows'),
    ],
    source: 'Database',
    processing: 'Query and report',
  };
}

function toModeration(text: Text): Outside {
  return {
    steps: [],
    missing: [
      missingThing(
        'a source of the content',
        'Say in `steps` where the texts come from, such as `file.read`, `sql.query` or `http.request`.',
      ),
      missingThing('the text analyser', 'Judging texts (`text.analyze`) is not there yet.'),
      ...toWish(text, 'texts'),
    ],
    source: 'Not named yet',
    processing: 'Judge texts and flag them for people',
  };
}

function toSlack(text: Text): Outside {
  const missing = text.has('\\bslack\\b')
    ? [missingThing('a Slack connection', 'Slack is not there yet; it needs a connection of the kind slack.')]
    : [];
  return {
    steps: [],
    missing: [
      ...missing,
      missingThing(
        'the content of the message',
        'Say in `steps` what `slack.post` sends, for example the text of a report.',
      ),
    ],
    source: 'Not named yet',
    processing: 'Write messages',
  };
}

/** What the sentence wants done with what was read, as its author must say it in steps. */
function toWish(text: Text, what: string): Missing[] {
  const words = text.plain(text.rest);
  return words === ''
    ? []
    : [
        missingThing(
          `steps for what happens with the ${what}: \`${cutText(words, 200)}\``,
          'What to do with texts is not understood from words; give `steps`, with `agentos://actions` as the list of actions.',
        ),
      ];
}
