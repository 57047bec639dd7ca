import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findSecrets } from './find-secrets.ts';

const valuesIn = (text: string): string[] => findSecrets(text).map(({ start, end }) => text.slice(start, end));

describe('what is no secret', () => {
  it.each([
    'password = "<your-password>"',
    'password: ${DB_PASSWORD}',
    'DB_PASSWORD=$DB_PASSWORD',
    'api_key = process.env.API_KEY',
    "api_key = os.environ['API_KEY']",
    'token: {{ .Values.token }}',
    'secret: xxxxxxxxxxxxxxxx',
    'password: ********',
    'api_key: "your_api_key_here"',
    'API_KEY=YOUR-API-KEY',
    'token = "example"',
    'password: string;',
    'password?: string',
    'function login(password: string, token?: Token): void {}',
    'const token = await fetchToken(user.id);',
    'password = getpass.getpass()',
    'secret = None',
    'token: null,',
    '"password": null',
    'password=',
    'password: ""',
    'const { password, token } = req.body;',
    'this.password = password;',
    'user.token = session.accessToken;',
    'passwordHash: bcrypt.hash(password, 10)',
    'max_tokens: 4096',
    'tokens = 123456789',
    'key: "userSettings"',
    'primaryKey: "customer_id_2024_v2"',
    'passwordField = "#login-form-2"',
    'tokenUrl: "https://id.example.org/oauth2/token"',
    '{"password": "Password", "token": "Access token"}',
    'label: "Enter your password"',
    'type: "password"',
    "pick(user, ['password', 'token', 'secret'])",
    '<label for="password">Password</label>',
    'secretName: db-credentials-2',
    'password: vault:secret/data/db#password',
    'password: !Ref DbPassword',
    'secret: op://vault/item/field',
    'token: ENC[AES256_GCM,data:abc]',
    'password: /run/secrets/db_password',
    'log("token: "+n);switch(q[0]){case 1:d.push(n),e.push(this.lexer.yytext),n=null,o?(n=o,o=null):0}f("x")',
    'log("password: "+u.p1+" given")',
    'this.secretKey = msg.secretKey2\n',
    'headers["Proxy-Authorization"] = `Basic ${Buffer.from(auth).toString("base64")}`;',
    "writeString('mysql_native_password', 'latin1')",
    'The password is required.',
    'the token is invalid or expired',
    'api key: see the wiki',
    'Authorization: Bearer <token>',
    'Authorization: Bearer $TOKEN',
    'Bearer authentication is used',
    'Basic authentication',
    'postgres://user:${PASSWORD}@db/app',
    'postgres://db:5432/app',
    'https://user:<password>@host/',
    'https://example.org:8080/path@2x.png',
    'gh' + 'p_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'sk-loading-spinner-container-wide-and-long',
    '-----BEGIN PRIVATE KEY-----',
    "if (pem.includes('-----BEGIN RSA PRIVATE KEY-----')) throw new Error('key');",
    '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
    'commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad',
    'sha512-nNyPfSbDHTsqQy0VkC7hbz5FCQxKLW8pgAeSpvJKBqTLSTXT3B6JtXjR2j6cQ3sSlpA1d3o5hLqDqsLlTAgCYg==',
    'id: 550e8400-e29b-41d4-a716-446655440000',
    'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7vbqajDw4o6gJy8UtmIbkcpnkO3Kwc4qsEnSZp/TR',
    'src/modules/Approvals2/pages/ApprovalRequestPage3.tsx',
    'createHttpServerWithOAuth2AndRetries',
    'eyJ.eyJ.eyJ',
    'aaaa.bbbb.cccc',
  ])('%s', (text) => {
    expect(findSecrets(text)).toEqual([]);
  });

  it('a public block, whose lines look random', () => {
    const line = 'MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ';
    const text = `-----BEGIN CERTIFICATE-----\n${line}\n${line}\n-----END CERTIFICATE-----`;
    expect(findSecrets(text)).toEqual([]);
    expect(findSecrets(text.replace('-----END CERTIFICATE-----', ''))).toEqual([]);
  });
});

describe('what is one, though weak or written to be seen', () => {
  it.each([
    ['AWS_ACCESS_KEY_ID=AKI' + 'AIOSFODNN7EXAMPLE', 'AKI' + 'AIOSFODNN7EXAMPLE', 'high'],
    [
      'aws_secret_access_key = wJalrXUtn' + 'FEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      'wJalrXUtn' + 'FEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      'high',
    ],
    ['stripe.api_key = "sk_te' + 'st_4eC39HqLyjWDarjtT1zdp7dc"', 'sk_te' + 'st_4eC39HqLyjWDarjtT1zdp7dc', 'high'],
    ['token gh' + 'p_1234567890abcdefghijklmnopqrstuvwxyz', 'gh' + 'p_1234567890abcdefghijklmnopqrstuvwxyz', 'high'],
    ['password = "changeme"', 'changeme', 'low'],
    ['POSTGRES_PASSWORD=password', 'password', 'low'],
    ['PIN_PASSWORD=123456', '123456', 'low'],
    ['postgres://user:password@localhost/db', 'password', 'low'],
    ['mysql -u root -pS3cr3tPass app', 'S3cr3tPass', 'high'],
    ['curl -u admin:S3cr3tPass https://api.example.org', 'S3cr3tPass', 'high'],
    ['sshpass -p "S3cr3tPass" ssh host', 'S3cr3tPass', 'high'],
    ["ALTER USER app WITH PASSWORD 'S3cr3tPass'", 'S3cr3tPass', 'high'],
    ["CREATE USER app IDENTIFIED BY 'S3cr3tPass'", 'S3cr3tPass', 'high'],
    ['machine api.example.org login me password S3cr3tPass', 'S3cr3tPass', 'high'],
    ['echo "root:S3cr3tPass" | sudo chpasswd', 'S3cr3tPass', 'high'],
    ['ConvertTo-SecureString "S3cr3tPass" -AsPlainText', 'S3cr3tPass', 'high'],
    ['{"auths":{"r":{"auth":"' + btoa('me:S3cr3tPass') + '"}}}', btoa('me:S3cr3tPass'), 'high'],
    ["define('DB_PASSWORD', 'S3cr3tPass');", 'S3cr3tPass', 'high'],
    ['props.setProperty("password", "S3cr3t!Pass")', 'S3cr3t!Pass', 'high'],
    ['requests.get(url, auth=("admin", "S3cr3tPass"))', 'S3cr3tPass', 'high'],
    ["conn.login('me@example.org', 'S3cr3tPass', done)", 'S3cr3tPass', 'high'],
    ['localhost:5432:app:root:S3cr3tPass', 'S3cr3tPass', 'high'],
    ['the database password for staging is S3cr3tPass', 'S3cr3tPass', 'high'],
    ['<Pass encoding="base64">UzNjcjN0UGFzc3cwcmQ=</Pass>', 'UzNjcjN0UGFzc3cwcmQ=', 'high'],
    [
      'AUTH_KEY = "MW1pxMctoyA(>M%0Vl 2(#o0|2$cB+K|.G$hB~4Juw@]:(5;oV"',
      'MW1pxMctoyA(>M%0Vl 2(#o0|2$cB+K|.G$hB~4Juw@]:(5;oV',
      'high',
    ],
    ['API_KEY=sk-abc123', 'sk-abc123', 'high'],
    ['JWT_SECRET=supersecret', 'supersecret', 'low'],
    ['session Zk3vQ8mT1xLp0RsB7yWn2Hd6 started', 'Zk3vQ8mT1xLp0RsB7yWn2Hd6', 'low'],
  ])('%s', (text, value, confidence) => {
    expect(valuesIn(text)).toEqual([value]);
    expect(findSecrets(text)).toEqual([expect.objectContaining({ class: 'credential', confidence })]);
  });

  it('covers a private key as a whole, also when its end is cut off', () => {
    const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
    const whole = `-----BEGIN ${'PRIVATE'} KEY-----\n${line}\n${line}\n-----END ${'PRIVATE'} KEY-----`;
    expect(valuesIn(`a\n${whole}\nb`)).toEqual([whole]);
    const cut = `-----BEGIN ${'PRIVATE'} KEY-----\n${line}\n${line}`;
    expect(valuesIn(`${cut}\n\n(cut)`)).toEqual([cut]);
  });

  it('prefers the more specific name where findings overlap', () => {
    const key = 'gh' + 'p_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R';
    expect(findSecrets(`password = "${key}"`)).toEqual([
      { start: 12, end: 52, class: 'credential', kind: 'github_token', confidence: 'high' },
    ]);
  });
});

const PIECES = fc.constantFrom(
  'password',
  '=',
  ': ',
  '"',
  "'",
  '\\',
  '\n',
  '://',
  'a:b@c',
  'eyJ',
  '.',
  'gh' + 'p_',
  'AKI' + 'A',
  '-----BEGIN ',
  'PRIVATE KEY',
  '-----',
  '-----END ',
  '\u0000',
  '\ud800',
  '\udfff',
  '\u{1f511}',
  '\u00f1',
  '\u0130',
  'Zk3vQ8mT1xLp0RsB7yWn2Hd6',
  '${',
  'token',
  'Bearer ',
  ' ',
  '0',
  'A'.repeat(70),
);
const TEXTS = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.oneof(PIECES, PIECES, fc.string({ maxLength: 8 })), { maxLength: 60 }).map((pieces) => pieces.join('')),
);

describe('any text', () => {
  it('gets spans that lie in it, in order, apart, and not empty', () => {
    fc.assert(
      fc.property(TEXTS, (text) => {
        let last = 0;
        for (const { start, end } of findSecrets(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('gets the same answer each time, whatever was read before', () => {
    fc.assert(
      fc.property(TEXTS, TEXTS, (text, other) => {
        const before = findSecrets(text);
        findSecrets(other);
        expect(findSecrets(text)).toEqual(before);
      }),
    );
  });

  it('keeps a key found wherever words stand around it', () => {
    const key = 'gh' + 'p_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R';
    const words = fc.string({ unit: fc.constantFrom(...'abc \n"\'=:,;({<\u0000\ud800'), maxLength: 40 });
    fc.assert(
      fc.property(words, words, (before, after) => {
        const text = `${before} ${key} ${after}`;
        const at = before.length + 1;
        const isCovered = findSecrets(text).some(({ start, end }) => start <= at && end >= at + key.length);
        expect(isCovered).toBe(true);
      }),
    );
  });
});
