import type { Confidence } from '../model.ts';
import { isDummy, rule } from './rule.ts';
import type { Candidate } from './rule.ts';

/** Keys of messaging, payment, mail, shop and model services, in the shapes that their vendors publish. */
export const SERVICE_RULES = [
  rule('slack_token', 'xoxb- xoxp- xoxa- xoxo- xoxr- xoxs- xoxc- xoxd-', /xox[abcdoprs]-[\w%-]{10,500}/y),
  rule('slack_token', 'xoxe-', /xoxe-\d-[\w-]{100,300}/y),
  rule('slack_token', 'xoxe.xox', /xoxe\.xox[bp]-\d-[\w-]{100,300}/y),
  rule('slack_app_token', 'xapp-', /xapp-\d-[\w-]{10,300}/y),
  rule(
    'slack_webhook',
    'hooks.slack.com/',
    /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)([A-Z]\w{4,40}\/\w{4,40}\/[\w/]{6,80})/y,
  ),
  rule(
    'teams_webhook',
    '/IncomingWebhook/',
    /(\/IncomingWebhook\/)([0-9a-f]{32}\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/y,
    { border: 'none' },
  ),
  rule('discord_bot_token', toDiscordAnchors(), /[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,45}(?![\w-])/y, {
    border: 'token',
  }),
  rule(
    'discord_webhook',
    'discord',
    /(discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/)(\d{15,21}\/[\w-]{50,90})/y,
  ),
  rule('telegram_bot_token', ':A', /\d{8,10}:A[\w-]{34}(?![\w-])/y, { back: [8, 9, 10] }),
  rule(
    'stripe_key',
    'sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_',
    /[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,247}(?!\w)/y,
  ),
  rule('stripe_webhook_secret', 'whsec_', /whsec_[A-Za-z0-9+/]{24,120}={0,2}/y),
  rule(
    'square_token',
    'sq0atp- sq0csp- sq0idp- EAAAE EAAAl',
    /(?:sq0(?:atp-[\w-]{22}|csp-[\w-]{43})|EAAA[El][\w-]{59})(?![\w-])/y,
  ),
  rule(
    'braintree_token',
    'access_token$',
    /access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}(?![0-9a-f])/y,
    { border: 'none' },
  ),
  rule(
    'plaid_token',
    'access-',
    /access-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/y,
  ),
  rule('flutterwave_key', 'FLWSECK', /FLWSECK(?:_TEST)?-[0-9a-zA-Z]{12,40}-X/y),
  rule('easypost_key', 'EZAK EZTK', /EZ[AT]K[A-Za-z0-9]{54}(?![A-Za-z0-9])/y),
  rule('shippo_key', 'shippo_', /shippo_(?:live|test)_[0-9a-f]{40}(?![0-9a-f])/y),
  rule('lob_key', 'live_ test_', /(?:live|test)_[0-9a-f]{35}(?![0-9a-zA-Z])/y),
  rule(
    'shopify_token',
    'shpat_ shpca_ shppa_ shpss_ shptka_',
    /shp(?:at|ca|pa|ss|tka)_[a-zA-Z0-9]{32,64}(?![A-Za-z0-9])/y,
  ),
  rule('twilio_key', 'SK', /SK[0-9a-f]{32}(?![0-9a-zA-Z])/y),
  rule('sendgrid_key', 'SG.', /SG\.[\w-]{16,32}\.[\w-]{16,64}(?![\w-])/y),
  rule('mailgun_key', 'key-', /key-[0-9a-f]{32}(?![0-9a-zA-Z-])/y),
  rule('mailgun_key', toHyphenAnchors(), /[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![0-9a-zA-Z-])/y, {
    back: [32],
    border: 'token',
  }),
  rule('mailchimp_key', '-us', /[0-9a-f]{32}-us\d{1,2}(?![0-9a-zA-Z])/y, { back: [32] }),
  rule('mandrill_key', 'md-', /md-[\w-]{22}(?![\w-])/y, { judge: mixesDigits }),
  rule('brevo_key', 'xkeysib- xsmtpsib-', /x(?:key|smtp)sib-[0-9a-f]{64}-[A-Za-z0-9]{16}(?![A-Za-z0-9])/y),
  rule('resend_key', 're_', /re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,32}(?!\w)/y),
  rule('hubspot_token', 'pat-', /pat-(?:na|eu|ap)\d-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/y),
  rule('intercom_token', 'dG9r', /dG9rO[A-Za-z0-9+/]{54}=?(?![A-Za-z0-9+/])/y),
  rule('mapbox_secret_token', 'sk.eyJ', /sk\.eyJ[\w-]{20,300}\.[\w-]{20,60}/y),
  rule('dropbox_token', 'sl.', /sl\.(?:u\.)?[\w-]{120,1500}/y),
  rule('facebook_token', 'EAA', /EAA[A-Za-z0-9]{80,500}(?![A-Za-z0-9])/y),
  rule('facebook_token', 'IGQV', /IGQV[\w-]{80,500}/y),
  rule('x_bearer_token', 'AAAAAAAAAAAAAAAAAAAA', /A{20,22}[A-Za-z0-9%]{60,140}(?![A-Za-z0-9%])/y, {
    judge: mixesDigits,
  }),
  rule('anthropic_key', 'sk-ant-', /sk-ant-[a-z]{2,8}\d\d-[\w-]{20,300}/y),
  rule('openai_key', 'T3BlbkFJ', /sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}(?![A-Za-z0-9])/y, { back: [23] }),
  rule('openai_key', 'sk-proj- sk-svcacct- sk-admin- sk-None- sk-service-', /sk-[A-Za-z]{4,7}-[\w-]{20,250}/y, {
    judge: mixesDigits,
  }),
  rule('openai_key', 'sk-', /sk-[A-Za-z0-9]{32,64}(?![\w-])/y, { judge: mixesDigits }),
  rule('openrouter_key', 'sk-or-', /sk-or-v\d-[0-9a-f]{64}(?![0-9a-f])/y),
  rule('langfuse_key', 'sk-lf-', /sk-lf-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/y),
  rule('huggingface_token', 'hf_ api_org_', /(?:hf_|api_org_)[A-Za-z0-9]{34,40}(?![A-Za-z0-9])/y),
  rule('groq_key', 'gsk_', /gsk_[A-Za-z0-9]{52}(?![A-Za-z0-9])/y),
  rule('xai_key', 'xai-', /xai-[A-Za-z0-9]{70,90}(?![A-Za-z0-9])/y),
  rule('perplexity_key', 'pplx-', /pplx-[A-Za-z0-9]{32,64}(?![A-Za-z0-9])/y),
  rule('replicate_token', 'r8_', /r8_[A-Za-z0-9]{37}(?![A-Za-z0-9])/y),
  rule('langsmith_key', 'lsv2_ ls__', /(?:lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}|ls__[0-9a-f]{32})(?![0-9a-f])/y),
  rule('fireworks_key', 'fw_', /fw_[A-Za-z0-9]{20,30}(?![A-Za-z0-9])/y, { judge: mixesDigits }),
  rule('together_key', 'tgp_v1_', /tgp_v1_[\w-]{40,60}/y),
  rule('tavily_key', 'tvly-', /tvly-(?:dev-|prod-)?[A-Za-z0-9]{28,40}(?![A-Za-z0-9])/y),
  rule('elevenlabs_key', 'sk_', /sk_[0-9a-f]{48}(?![0-9a-zA-Z])/y),
] as const;

/** A bot's token starts with its number in base64: three first letters, four second ones. */
function toDiscordAnchors(): string {
  return ['M', 'N', 'O'].flatMap((first) => ['D', 'T', 'j', 'z'].map((second) => first + second)).join(' ');
}

/** The key has no prefix: what follows its first hyphen is a digit of it. */
function toHyphenAnchors(): string {
  return [...'0123456789abcdef'].map((digit) => `-${digit}`).join(' ');
}

function mixesDigits({ value }: Candidate): Confidence | undefined {
  const digits = value.match(/\d/g)?.length ?? 0;
  return digits >= 2 && /[A-Za-z]/.test(value) && !isDummyButZeros(value) ? 'high' : undefined;
}

const isDummyButZeros = (value: string): boolean => isDummy(value.replace(/^A{20,22}/, ''));
