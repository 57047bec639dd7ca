import type { JsonObject } from '../../../kernel/json.ts';
import type { Missing, Step } from '../../../kernel/run/model.ts';
import { missingThing, step } from './steps.ts';
import { EMAIL, type Text } from './text.ts';
import { verbs } from './words.ts';

/** Sending a result to people: steps at the end, once there is a text to send. */
export interface Deliveries {
  /** `format`: the step whose text is sent. */
  toSteps(format: string | undefined): { steps: Step[]; missing: Missing[] };
}

const WHAT =
  '(?:(?:the|a|an|it|them|this|that|me|us|our|my|result|results|report|summary|file|output|list|copy|message|team|daily|weekly|short|rows|link|table|chart)\\s+){0,6}';

/** Takes "email it to bob@example.com", "post the summary to Slack" out of the sentence. */
export function readDeliveries(text: Text): Deliveries {
  const mail = takeMail(text);
  const channel = takeChannel(text);
  return {
    toSteps(format) {
      const steps: Step[] = [];
      const missing: Missing[] = [];
      const content: JsonObject = format === undefined ? {} : { text: `\${{ steps.${format}.output.text }}` };
      if (mail !== undefined) {
        steps.push(
          step('send_email', 'email.send', {
            ...(mail.length === 0 ? {} : { to: mail }),
            subject: 'Result of the agent',
            ...content,
          }),
        );
        missing.push(
          missingThing(
            'an email connection (SMTP) to send with',
            'Sending e-mail is not there yet; it needs a connection of the kind smtp.',
            'send_email',
          ),
        );
        if (mail.length === 0)
          missing.push(
            missingThing(
              'an email address of a recipient',
              'Name it, such as "email it to ops@example.com".',
              'send_email',
            ),
          );
      }
      if (channel !== undefined) {
        steps.push(step('post', 'slack.post', { ...(channel === '' ? {} : { channel }), ...content }));
        missing.push(
          missingThing(
            'a Slack connection',
            'Posting to Slack is not there yet; it needs a connection of the kind slack.',
            'post',
          ),
        );
        if (channel === '') missing.push(missingThing('a Slack channel', 'Name it, such as "#reports".', 'post'));
      }
      return { steps, missing };
    },
  };
}

function takeMail(text: Text): string[] | undefined {
  const address = `${EMAIL}(?:(?:\\s*,\\s*|\\s+and\\s+)${EMAIL})*`;
  const found =
    text.take(
      `\\b(?:and\\s+)?${verbs('send|email|e-mail|mail|forward|deliver')}\\s+${WHAT}(?:by\\s+(?:e-?mail|mail)\\s+)?(?:to\\s+)?(?:the\\s+)?(${address})`,
    ) ??
    text.take(
      `\\b(?:and\\s+)?(?:${verbs('send|deliver')}\\s+${WHAT}(?:by|via|as\\s+an?|an)\\s+(?:e-?mail|mail)|${verbs('email|e-mail|mail')}\\s+(?:the|it|them|me|us|a|this|my|our)\\s+${WHAT})(?:\\s*(?:to\\s+)(?:(?:the|my|our)\\s+)?(?:(${address})|[\\w]+(?:\\s+team)?))?`,
    );
  if (found === undefined) return undefined;
  return [...(found[1] ?? '').matchAll(new RegExp(EMAIL, 'gu'))].map(([token]) => text.value(token));
}

function takeChannel(text: Text): string | undefined {
  const channel = '(#[\\w-]+)';
  const found =
    text.take(
      `\\b(?:and\\s+)?${verbs('post|send|publish|share|write|announce|notify|push|report')}\\s+${WHAT}(?:(?:to|in|on|into|via)\\s+)?(?:the\\s+|our\\s+|my\\s+)?(?:slack(?:\\s+channel)?(?:\\s+(?:called\\s+|named\\s+)?${channel})?|${channel}(?:\\s+channel)?(?:\\s+(?:on|in)\\s+slack)?)(?![\\w-])`,
    ) ??
    text.take(
      `\\b(?:to|in|on|via)\\s+(?:the\\s+|our\\s+|my\\s+)?(?:${channel}\\s+(?:channel\\s+)?(?:on|in)\\s+)?slack(?![\\w-])(?:\\s+channel)?(?:\\s+${channel})?`,
    );
  return found === undefined ? undefined : (found[1] ?? found[2] ?? '');
}
