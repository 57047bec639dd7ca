import { describe, expect, it } from '@jest/globals';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { crc32, hasBase62Checksum, toBase62 } from './checksums.ts';
import { findSecrets } from './find-secrets.ts';

const DIGITS = '0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();
const BASE62 = DIGITS + UPPER + LOWER;
const ALPHABETS = {
  d: DIGITS,
  h: '0123456789abcdef',
  U: UPPER + DIGITS,
  l: LOWER + DIGITS,
  a: BASE62,
  A: UPPER + LOWER,
  w: `${BASE62}-_`,
  b: `${BASE62}+/`,
  q: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
};

/** The same numbers in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** `{a36}` is 36 letters and digits, `{uuid}` an identifier; the rest is literal. A bar keeps code hosts from reading a key here. */
function fill(shape: string, random: (below: number) => number): string {
  const take = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[random(alphabet.length)]).join('');
  return shape
    .replaceAll('|', '')
    .replaceAll('{uuid}', '{h8}-{h4}-4{h3}-a{h3}-{h12}')
    .replace(/\{(\w)(\d+)\}/g, (_, kind: keyof typeof ALPHABETS, length) => take(ALPHABETS[kind], Number(length)));
}

const b64 = (text: string): string => Buffer.from(text).toString('base64url');

/** Rule, shape of the key; where the key is only part of the text, it stands between « and ». */
const FORMATS: readonly (readonly [string, string])[] = [
  ['aws_access_key', 'AK|IA{U16}'],
  ['aws_access_key', 'AS|IA{U16}'],
  ['aws_secret_key', 'AWS_SECRET_ACCESS_KEY=«{b39}7»'],
  ['aws_secret_key', '"secretAccessKey": "«a{b37}7Z»"'],
  ['aws_session_token', 'aws_session_token = «IQoJb3JpZ2luX2Vj{b280}»'],
  ['github_token', 'gh|p_{a36}'],
  ['github_token', 'gh|o_{a36}'],
  ['github_token', 'gh|u_{a36}'],
  ['github_token', 'gh|s_{a36}'],
  ['github_token', 'gh|r_{a76}'],
  ['github_fine_grained_token', 'github_|pat_{a22}_{a59}'],
  ['github_token', 'GITHUB_TOKEN: «{h40}»'],
  ['gitlab_token', 'gl|pat-{w20}'],
  ['gitlab_token', 'gl|rt-{w20}'],
  ['gitlab_token', 'gl|dt-{w20}'],
  ['gitlab_trigger_token', 'gl|ptt-{h40}'],
  ['slack_token', 'xo|xb-{d12}-{d13}-{a24}'],
  ['slack_token', 'xo|xp-{d12}-{d12}-{d12}-{h32}'],
  ['slack_app_token', 'xa|pp-1-A{U10}-{d13}-{h64}'],
  ['slack_webhook', 'https://hooks.slack.com/services/«T{U8}/B{U10}/{a24}»'],
  ['stripe_key', 'sk|_live_{a24}'],
  ['stripe_key', 'sk|_test_51{a97}'],
  ['stripe_key', 'rk|_live_{a24}'],
  ['stripe_webhook_secret', 'wh|sec_{a32}'],
  ['google_api_key', 'AI|za{w35}'],
  ['google_oauth_secret', 'GOC|SPX-{w28}'],
  ['google_oauth_token', 'ya|29.a0{w120}'],
  [
    'azure_storage_key',
    'DefaultEndpointsProtocol=https;AccountName=files;AccountKey=«{b86}==»;EndpointSuffix=core.windows.net',
  ],
  [
    'azure_shared_access_key',
    'Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=«{b43}=»',
  ],
  ['azure_sas', 'https://x.blob.core.windows.net/c?sv=2022-11-02&ss=b&se=2026-01-01T00:00:00Z&sp=r&sig=«{a43}%3D»'],
  ['azure_client_secret', '{a3}8Q|~{a34}'],
  ['openai_key', 'sk|-{a20}T3Blbk|FJ{a20}'],
  ['openai_key', 'sk|-proj-{w74}T3Blbk|FJ{w74}'],
  ['openai_key', 'sk|-{a48}'],
  ['anthropic_key', 'sk|-ant-api03-{w93}AA'],
  ['huggingface_token', 'h|f_{A34}'],
  ['groq_key', 'gs|k_{a52}'],
  ['replicate_token', 'r|8_{a37}'],
  ['npm_token', 'np|m_{a36}'],
  ['npm_registry_auth', '//registry.npmjs.org/:_authToken=«{uuid}»'],
  ['pypi_token', 'py|pi-AgEIcHlwaS5vcmc{w140}'],
  ['rubygems_key', 'ruby|gems_{h48}'],
  ['docker_token', 'dckr|_pat_{w27}'],
  ['digitalocean_token', 'do|p_v1_{h64}'],
  ['heroku_key', 'HEROKU_API_KEY=«{uuid}»'],
  ['heroku_key', 'HR|KU-AA{w58}'],
  ['twilio_key', 'S|K{h32}'],
  ['twilio_auth_token', 'TWILIO_AUTH_TOKEN="«{h32}»"'],
  ['sendgrid_key', 'S|G.{w22}.{w43}'],
  ['mailgun_key', 'ke|y-{h32}'],
  ['mailgun_key', '{h32}-{h8}-{h8}'],
  ['mailchimp_key', '{h32}-u|s14'],
  ['telegram_bot_token', '{d10}:A|A{w33}'],
  ['discord_bot_token', 'MT{a22}.{w6}.{w38}'],
  ['discord_webhook', 'https://discord.com/api/webhooks/«{d18}/{w68}»'],
  ['shopify_token', 'sh|pat_{h32}'],
  ['square_token', 'sq|0atp-{w22}'],
  ['square_token', 'EA|AAE{w59}'],
  ['braintree_token', 'access_|token$production${l16}${h32}'],
  ['paypal_client_secret', 'PAYPAL_CLIENT_SECRET=«E{w79}»'],
  ['databricks_token', 'da|pi{h32}'],
  ['datadog_key', 'DD_API_KEY=«{h32}»'],
  ['datadog_key', 'datadog_app_key: «{h40}»'],
  ['new_relic_key', 'NR|AK-{U27}'],
  ['new_relic_license', '{h36}NR|AL'],
  ['sentry_dsn', 'https://«{h32}»@o{d6}.ingest.sentry.io/{d7}'],
  ['sentry_token', 'sn|tryu_{h64}'],
  ['cloudflare_key', 'CLOUDFLARE_API_TOKEN=«{w40}»'],
  ['cloudflare_key', 'CF_API_KEY: "«{h37}»"'],
  ['cloudflare_token', 'cf|ut_{a40}{h8}'],
  ['cloudflare_origin_ca_key', 'v|1.0-{h24}-{h146}'],
  ['fastly_token', 'FASTLY_API_TOKEN=«{w32}»'],
  ['vault_token', 'hv|s.{w95}'],
  ['vault_token', 'VAULT_TOKEN=«s.{a24}»'],
  ['terraform_cloud_token', '{a14}.atlas|v1.{w67}'],
  ['linear_key', 'lin|_api_{a40}'],
  ['notion_token', 'nt|n_{d11}{a35}'],
  ['notion_token', 'secret|_{a43}'],
  ['figma_token', 'fi|gd_{w43}'],
  ['postman_key', 'PM|AK-{h24}-{h34}'],
  ['doppler_token', 'dp|.pt.{a43}'],
  [
    'onepassword_service_token',
    `op|s_${b64('{"signInAddress":"my.1password.example","userAuth":{"method":"SRPg-4096"')}{a180}`,
  ],
  ['age_secret_key', 'AGE-SEC|RET-KEY-1{q58}'],
  ['grafana_token', 'gl|sa_{a32}_{h8}'],
  ['vercel_token', 'vc|p_{a56}'],
  ['tailscale_key', 'ts|key-auth-{a12}CNTRL-{a32}'],
  ['airtable_token', 'pa|t{a14}.{h64}'],
  ['atlassian_token', 'AT|ATT3xFfGF0{w180}'],
  ['circleci_token', 'CCI|PAT_{a22}_{h40}'],
  ['hubspot_token', 'pa|t-na1-{uuid}'],
  ['supabase_key', 'sb|p_{h40}'],
  ['planetscale_token', 'psc|ale_tkn_{w43}'],
  ['agentos_key', 'ag|k_{a40}'],
  ['jwt', `${b64('{"alg":"HS256","typ":"JWT"}')}.${b64('{"sub":"1","iat":1700000000}')}.{w43}`],
  ['database_url_password', 'postgres://app:«{a14}»@db.internal:5432/app'],
  ['database_url_password', 'mongodb+srv://app:«{a14}!7»@cluster0.mongodb.net/app'],
  ['database_url_password', 'redis://:«{a20}4z»@cache:6379/0'],
  ['url_password', 'https://deploy:«{a14}9b»@git.internal/app.git'],
  ['bearer_token', 'Authorization: Bearer «{a40}»'],
  ['basic_auth_header', `Authorization: Basic «${Buffer.from('admin:S3cret-pass').toString('base64')}»`],
  ['private_key', '«-----BEGIN RSA |PRIVATE KEY-----\n{b64}\n{b64}\n{b40}=\n-----END RSA PRIVATE KEY-----»'],
  ['private_key', '«-----BEGIN |PRIVATE KEY-----\\n{b64}\\n{b64}\\n-----END PRIVATE KEY-----»'],
  ['private_key', '«-----BEGIN EC |PRIVATE KEY-----\n{b64}\n{b64}\n{b36}==\n-----END EC PRIVATE KEY-----»'],
  [
    'ssh_private_key',
    '«-----BEGIN OPENSSH |PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE{b51}\n{b64}\n-----END OPENSSH PRIVATE KEY-----»',
  ],
  [
    'pgp_private_key',
    '«-----BEGIN PGP |PRIVATE KEY BLOCK-----\nVersion: GnuPG v2 (Linux)\n\n{b64}\n{b64}\n-----END PGP PRIVATE KEY BLOCK-----»',
  ],
  [
    'gcp_service_account',
    '{"type":"service_account","private_key_id":"{h40}","private_key":"«-----BEGIN |PRIVATE KEY-----\\n{b64}\\n{b64}\\n-----END PRIVATE KEY-----»\\n","client_email":"x"}',
  ],
];

/** How keys occur: alone, in prose, code, JSON, JSON in JSON, settings, a log, a chat message. */
const SURROUNDINGS: readonly ((key: string) => string)[] = [
  (key) => key,
  (key) => `please use ${key} for now, thanks`,
  (key) => `const client = connect('${key}');`,
  (key) => `{"value":"${key}"}`,
  (key) => `{\\"value\\":\\"${key}\\"}`,
  (key) => `log: sent\\n${key}\\nlog: done`,
  (key) => `- a\n- ${key}\n- b`,
  (key) => `\`${key}\`, (${key}); <b>${key}</b>`,
];

interface Sample {
  readonly rule: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function toSamples(): Sample[] {
  const random = createRandom(20260101);
  return FORMATS.flatMap(([rule, shape]) =>
    SURROUNDINGS.map((surround) => {
      const filled = fill(shape, random);
      const marked = surround(filled.includes('«') ? filled : `«${filled}»`);
      const [before = '', value = ''] = marked.split(/[«»]/);
      return { rule, text: marked.replace(/[«»]/g, ''), start: before.length, end: before.length + value.length };
    }),
  );
}

const SAMPLES = toSamples();

function covers({ text, start, end }: Sample): boolean {
  return findSecrets(text).some((span) => span.confidence === 'high' && span.start === start && span.end >= end);
}

describe('keys in published formats', () => {
  it('finds 98 of 100, surely, from the first character of the value', () => {
    const missed = SAMPLES.filter((sample) => !covers(sample));
    console.log(`known formats: ${SAMPLES.length - missed.length} of ${SAMPLES.length} found`);
    if (missed.length > 0) console.log(missed.slice(0, 10));
    expect(missed.length / SAMPLES.length).toBeLessThan(0.02);
  });

  it('names 98 of 100 after their vendor', () => {
    const misnamed = SAMPLES.filter(({ rule, text }) => !findSecrets(text).some(({ kind }) => kind === rule));
    if (misnamed.length > 0) console.log(misnamed.slice(0, 10).map(({ text }) => [text, findSecrets(text)]));
    expect(misnamed.length / SAMPLES.length).toBeLessThan(0.02);
  });

  it('finds each key once in a text that holds all of them', () => {
    const plain = SAMPLES.filter((_, at) => at % SURROUNDINGS.length === 0);
    const spans = findSecrets(plain.map(({ text }) => text).join('\n\n'));
    expect(spans.length).toBeGreaterThanOrEqual(plain.length);
    expect(spans.length).toBeLessThan(plain.length * 1.1);
  });

  it('finds whatever a second detector finds in them', async () => {
    let seconds = 0;
    for (const { rule, text } of SAMPLES.filter((_, at) => at % SURROUNDINGS.length < 3)) {
      const spans = findSecrets(text);
      for (const [start, end] of await askSecretlint(text)) {
        seconds += 1;
        const isFound = spans.some((span) => span.start < end && span.end > start);
        expect({ rule, text, isFound }).toEqual({ rule, text, isFound: true });
      }
    }
    expect(seconds).toBeGreaterThan(80);
  });
});

async function askSecretlint(content: string): Promise<readonly (readonly [number, number])[]> {
  const id = '@secretlint/secretlint-rule-preset-recommend';
  const { messages } = await lintSource({
    source: { filePath: 'sample.txt', content, ext: '.txt', contentType: 'text' },
    options: { config: { rules: [{ id, rule: creator }] }, noPhysicFilePath: true },
  });
  return messages.map(({ range }) => [range[0], range[1]] as const);
}

describe('checksums', () => {
  it('reads the one that the vendor published as an example', () => {
    expect(hasBase62Checksum('gh' + 'p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17')).toBe(true);
    expect(hasBase62Checksum('gh' + 'p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18')).toBe(false);
  });

  it('makes sure of a key that reads like words', () => {
    const words = 'personalaccesstokengoeshereandthe1';
    const body = words.slice(0, 30);
    expect(findSecrets(`gh${'p_'}${body}${toBase62(crc32(body))}`)).toHaveLength(1);
    expect(findSecrets(`gh${'p_'}${body}againa`)).toEqual([]);
  });
});
