/** A key whose shape says little: the words before it say whose it is. */
export interface NamedRule {
  readonly id: string;
  /** Looked for in the name and the 40 characters before it, in plain lower case. */
  readonly words: RegExp;
  readonly value: RegExp;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HEX32 = /^[0-9a-f]{32}$/i;
const HEX40 = /^[0-9a-f]{40}$/i;

function named(id: string, words: RegExp, value: RegExp): NamedRule {
  return { id, words, value };
}

export const NAMED_RULES: readonly NamedRule[] = [
  named('aws_secret_key', /aws|amazon|secret_?access|s3|secret_?key/, /^[A-Za-z0-9/+]{40}$/),
  named('aws_session_token', /aws|session_?token|security_?token/, /^[A-Za-z0-9/+]{100,}={0,2}$/),
  named('azure_storage_key', /azure|storage|account_?key|cosmos/, /^[A-Za-z0-9+/]{86}==$/),
  named('azure_client_secret', /azure|client_?secret|arm_/, /^[\w.~-]{3}\dQ~[\w.~-]{31,34}$/),
  named('azure_devops_token', /azure|devops|vsts|ado_/, /^[a-z2-7]{52}$/),
  named('cloudflare_key', /cloudflare|cf_/, /^(?:[\w-]{40}|[0-9a-f]{37})$/),
  named('datadog_key', /datadog|dd_/, /^(?:[0-9a-f]{32}|[0-9a-f]{40})$/i),
  named('discord_secret', /discord/, /^(?:[\w-]{32}|[0-9a-f]{64})$/),
  named('fastly_token', /fastly/, /^[\w-]{32}$/),
  named('github_token', /github|gh_/, HEX40),
  named('heroku_key', /heroku/, UUID),
  named('linear_secret', /linear/, HEX32),
  named('mailgun_key', /mailgun/, /^[0-9a-f]{32}(?:-[0-9a-f]{8}-[0-9a-f]{8})?$/i),
  named('mailchimp_key', /mailchimp/, HEX32),
  named('new_relic_key', /new_?relic|newrelic/, /^[0-9a-f]{36,40}(?:NRAL)?$/i),
  named('npm_token', /npm/, UUID),
  named('okta_token', /okta/, /^00[\w-]{40}$/),
  named('paypal_client_secret', /paypal|braintree/, /^[A-Za-z0-9_-]{32,80}$/),
  named('postmark_token', /postmark/, UUID),
  named('sentry_token', /sentry/, /^[0-9a-f]{64}$/i),
  named('shopify_secret', /shopify/, HEX32),
  named('slack_signing_secret', /slack/, HEX32),
  named('square_token', /square/, /^[\w-]{22,64}$/),
  named('telegram_bot_token', /telegram/, /^\d{8,10}:[\w-]{35}$/),
  named('twilio_auth_token', /twilio/, HEX32),
  named('vault_token', /vault/, /^(?:[bsr]\.[A-Za-z0-9]{24}|[0-9a-f-]{36})$/),
  named('algolia_key', /algolia/, HEX32),
  named('cohere_or_mistral_key', /cohere|co_api|mistral/, /^[A-Za-z0-9]{32,40}$/),
  named('confluent_secret', /confluent|kafka/, /^[A-Za-z0-9+/]{64}$/),
  named('docker_hub_token', /docker/, UUID),
  named('pagerduty_key', /pager_?duty/, /^[\w+-]{20}$|^[0-9a-f]{32}$/),
  named('snyk_token', /snyk/, UUID),
  named('zendesk_token', /zendesk/, /^[A-Za-z0-9]{40}$/),
];
