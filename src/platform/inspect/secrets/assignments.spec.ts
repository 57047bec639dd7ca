import { describe, expect, it } from '@jest/globals';
import { findSecrets } from './find-secrets.ts';

const PASSWORDS = [
  'Tr0ub4dor&3',
  'hunter2!',
  'S3cret-Pa55',
  'correct-horse-42',
  'kX9#mQ2$vL',
  'Winter2024!',
  'zaq1ZAQ!',
  'p4ssw0rd_prod',
  'R!verBank77',
  'mJ7nBv3kQe',
  'qpwoeiruty12',
  'Blue.Sky.1984',
  'letMe1n_now',
  'n7Gq*2',
  'Xk29vLmQ',
  'a8f5f167f44f',
];
const TOKENS = [
  '9f86d081884c7d659a2feaa0c55ad015',
  'dGhpcyBpcyBub3QgYSBrZXk7IHJlYWxseQ',
  'Zx81kQv0PpL3mN7sT2yB5wEa',
  '3b241101-e2bb-4255-8caf-4136c566a962',
  'k3y_8Hd72kslQ01mZpT6',
  'V1StGXR8Z5jdHi6BmyT',
  '4eC39HqLyjWDarjtT1zdp7dc',
  'u7Yh2-Kd91_LqPz83-Xv',
  '00f7cd53ab19e6d2',
  'bXlzdXBlcmxvbmdyYW5kb21zdHJpbmc5OA==',
  'Qw8+rT/5yU2iO7pA9sD4fG==',
  'N3v3rG0nn4G1v3Y0uUp',
];
const PASSWORD_NAMES = [
  'password',
  'DB_PASSWORD',
  'dbPassword',
  'passwd',
  'pwd',
  'smtp_pass',
  'admin-password',
  'spring.datasource.password',
  'POSTGRES_PASSWORD',
  'rootPassword',
  'user_pwd',
  'passphrase',
  'PGPASSWORD',
];
const TOKEN_NAMES = [
  'api_key',
  'API_KEY',
  'apiKey',
  'x-api-key',
  'secret',
  'client_secret',
  'clientSecret',
  'JWT_SECRET',
  'SECRET_KEY',
  'access_token',
  'authToken',
  'ENCRYPTION_KEY',
  'STRIPE_KEY',
  'signing_key',
  'webhookSecret',
  'refresh_token',
];
/** Ways to give a name a value: code, settings, data, commands and prose. N is the name, V the value. */
const WAYS = [
  `N = "V"`,
  `N = 'V'`,
  `const N = 'V';`,
  `N: "V",`,
  `"N": "V"`,
  `{'N': 'V'}`,
  `N=V`,
  `export N=V`,
  `export N="V"`,
  `N: V`,
  `  N: V # of the test system`,
  `N => 'V'`,
  `:N => "V"`,
  `N := "V"`,
  `this.N = 'V'`,
  `config['N'] = 'V'`,
  `os.environ["N"] = "V"`,
  `let N: string = "V";`,
  `String N = "V";`,
  `if (N === 'V') return;`,
  `<N>V</N>`,
  `<input N="V"/>`,
  `<add key="N" value="V" />`,
  `- name: N\n  value: "V"`,
  `{"name":"N","value":"V"}`,
  `--N=V`,
  `--N V`,
  `{\\"N\\":\\"V\\"}`,
  `https://example.org/cb?N=V&x=1`,
  `ENV N V`,
  `define('N', 'V');`,
  `set_N("V")`,
  `N = \`V\``,
  `Server=db;N=V;Timeout=5`,
  `N="""V"""`,
  `**N**: V`,
  `the N is V`,
  `N =\n    'V';`,
  `[section]\nN = V\n`,
  `x\\nN=V\\ny`,
];

interface Tally {
  found: number;
  sure: number;
  exact: number;
  all: number;
}

function tally(names: readonly string[], values: readonly string[]): { total: Tally; weakest: [string, Tally][] } {
  const total = { found: 0, sure: 0, exact: 0, all: 0 };
  const byWay = WAYS.map((way): [string, Tally] => {
    const here = { found: 0, sure: 0, exact: 0, all: 0 };
    for (const name of names) {
      for (const value of values) {
        const text = way.replace(/(?<![A-Z])N(?!V)/, () => name).replace(/(?<![A-Z])V/, () => value);
        const at = text.lastIndexOf(value);
        const span = findSecrets(text).find(({ start, end }) => start < at + value.length && end > at);
        here.all += 1;
        if (span === undefined) continue;
        here.found += 1;
        if (span.confidence === 'high') here.sure += 1;
        if (span.start === at && span.end === at + value.length) here.exact += 1;
      }
    }
    for (const key of ['found', 'sure', 'exact', 'all'] as const) total[key] += here[key];
    return [way, here];
  });
  return { total, weakest: byWay.sort(([, a], [, b]) => a.found - b.found).slice(0, 8) };
}

describe('secrets that only their name gives away', () => {
  it.each([
    ['passwords', PASSWORD_NAMES, PASSWORDS],
    ['tokens', TOKEN_NAMES, TOKENS],
  ])('finds 95 of 100 %s, 90 of them surely, and nearly all to the character', (what, names, values) => {
    const { total, weakest } = tally(names, values);
    console.log(
      what,
      total,
      weakest.map(([way, { found, sure, exact, all }]) => `${way}: ${found} ${sure} ${exact} of ${all}`),
    );
    expect(total.found / total.all).toBeGreaterThan(0.95);
    expect(total.sure / total.all).toBeGreaterThan(0.9);
    expect(total.exact / total.found).toBeGreaterThan(0.95);
  });
});
