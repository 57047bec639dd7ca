import { describe, expect, it } from '@jest/globals';
import type { DataClass } from '../../../kernel/policy/data-classes.ts';
import type { Span } from '../model.ts';
import { findPersonal } from './find-personal.ts';

/** `{class|value}` marks what is to be found. Letters, forms and notes about people. */
const LETTERS = `
Please send the contract to {email|marta.lindqvist@example.org} before Friday.
You can reach me on {phone|+44 20 7946 0958} or at {email|j.okafor@mail.example.co.uk} any time.
My Visa is {payment_card|4111 1111 1111 1111}, expiry 09/27, CVV {card_code|123}.
Charge the Mastercard {payment_card|5555555555554444} and email the receipt.
The customer read out card number {payment_card|3782-822463-10005} over the phone.
Her social security number is {national_id|123-45-6789} and she lives in Ohio.
SSN: {national_id|078 05 1120}
For payroll we need your SSN ({national_id|219099999}) and bank details.
IBAN {bank_account|DE89 3704 0044 0532 0130 00}, account holder as agreed.
Please wire it to {bank_account|GB82WEST12345698765432} by Monday.
Routing number {bank_account|021000021}, account number {bank_account|000123456789}, checking.
Sort code {bank_account|20-00-00}, account number {bank_account|55779911} at the bank in Leeds.
Passport number {passport|533401372}, issued in Madrid.
His passport no. is {passport|C01X00T47} and expires next year.
Date of birth: {birth_date|14/02/1986}
She was born on {birth_date|3 March 1991} in Lyon.
DOB {birth_date|1979-11-30}, male, non-smoker.
The applicant, born {birth_date|July 4, 1985}, has signed.
Ship it to {address|1600 Pennsylvania Avenue, Washington, DC 20500}.
I moved to {address|12 Baker Street, London NW1 6XE} last spring.
Meine Adresse: {address|Musterstraße 12, 10115 Berlin}.
Nous habitons {address|12 rue de la Paix, 75002 Paris}.
Her home is at {address|742 Evergreen Terrace}, near the school.
The patient was diagnosed with {health|diabetes} in May and started {health|insulin}.
MRN: {health|00482913}, admitted on Tuesday.
Diagnosis code {health|E11.9} was entered by the clinic.
He has been prescribed {health|sertraline} after his surgery.
My wife suffers from {health|asthma} and cannot fly.
She was treated for breast {health|cancer} two years ago.
National Insurance number {national_id|AB 12 34 56 C}.
Mijn BSN is {national_id|111222333}.
NIF {national_id|12345678Z}, domicilio en Sevilla.
Codice fiscale: {national_id|RSSMRA85T10A562S}
Mon numéro de sécurité sociale est le {national_id|1 85 05 78 006 084 91}.
Steuer-ID {national_id|86095742719} liegt bei.
PESEL {national_id|44051401359} podany w umowie.
CPF {national_id|529.982.247-25} do titular.
My Aadhaar is {national_id|2345 6789 0124}.
Call the office at {phone|(415) 555-2671} after nine.
Ruf mich an: {phone|030 12345678}.
Text {phone|415-555-0132} when you arrive.
Mon portable est le {phone|06 12 34 56 78}.
My number is {phone|+1 (212) 555-0147}, ext. 9.
Our last meeting place was at GPS {location|52.520008, 13.404954}.
He was seen at latitude {location|48.85837} and longitude {location|2.294481} at noon.
My {child|8-year-old} daughter will come with me.
The pupil is {child|12 years old} and lives with her father.
My colleague is {special_category|Catholic} and fasts in Lent.
He told his manager that he is {special_category|gay}.
Our {special_category|shop steward} says she joined the {special_category|trade union} in March.
She {special_category|voted for} the opposition, he said.
Her {genetic|genotype} report lists {genetic|rs1801133 C/T}.
The patient tested positive for the {genetic|BRCA1} mutation.
His {biometric|fingerprint template} was enrolled at the gate.
We store your {biometric|face embedding} when you sign in.
Her driver's license {national_id|D1234567} was copied at the desk.
The request came from {ip_address|203.0.113.42} at night.
Login from {ip_address|2001:db8:85a3::8a2e:370:7334} was refused.
Mail {email|support+eu@shop.example.com} or fax {phone|+49 30 1234567}.
Security code on the back of my card is {card_code|457}.
`;

/** Code, logs, tickets and prose about things: mostly near misses. */
const WORK = `
The build took 4 minutes and 32 seconds on runner 12.
Invoice 2024-0042 over 1,250.00 EUR is due on 2024-05-31.
Order number 4512 8830 1172 9934 was shipped in two parcels.
Upgrade to version 10.2.3.4 of the driver before Monday.
Listening on 127.0.0.1:8080 and 0.0.0.0:443.
npm install @scope/pkg@1.2.3 fails with EACCES.
git clone git@github.com:org/repo.git and run make.
The icon is called logo@2x.png in the assets folder.
The UUID is 123e4567-e89b-12d3-a456-426614174000.
sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
Timestamp 1716239022123 was taken from the header.
The ratio is 0.4111111111111111 in all three runs.
Snowflake id 1288834974657123456 belongs to the thread.
Part number 123-456-789 fits the older model.
ISBN 978-3-16-148410-0 is out of print.
EAN 4006381333931 is on the box.
The table has 12 columns, 4 indexes and 160 million rows.
Call the function with 3 arguments and check the text it returns.
Please contact the vendor about ticket 88213.
The board of directors met in room 12 on the third floor.
SELECT id, name FROM products WHERE price > 100 LIMIT 50;
The company was founded in 1984 and moved to Berlin in 2001.
A 12-year-old whisky costs more than an eight-year-old one.
The cache age is 9 seconds and the page is 14 kB.
Diabetes affects millions of people worldwide, the study says.
The guideline recommends metformin for adults with type 2 diabetes.
The DNA of our brand is simplicity.
Race conditions in the scheduler were fixed in release 4.2.
The union of both sets has 40 elements.
The TLS fingerprint of the browser changed.
Our passport strategy for OAuth lives in auth.ts.
The card layout has 3 columns and 12 rows.
Pan and zoom are disabled on mobile.
CVE-2024-3094 was patched on 2024-03-29.
See RFC 7231 section 6.5.1 and section 4.3.2.1.
Latency fell from 12.345 ms to 9.876 ms.
The museum of Islamic art opens at 9.
The Orthodox calendar differs by 13 days.
Street lights on the main road were replaced.
The drive from Oslo takes 6 hours.
Press 1 for sales, 2 for support.
Bank holidays are listed on page 12.
Your one-time passcode expires in 10 minutes.
The account manager will answer 24 tickets a day.
Routing tables hold 250000 entries.
Amounts: 4532 1187 2290 8841 1203 5532 9981 4410 3321.
12:30:45 INFO worker-3 finished job 20240501123045 in 31 ms.
Coordinates of the button are 120, 450 on the screen.
std::vector<int> a; a::b::c d; // see foo::bar
MAC 00:1B:44:11:3A:B7 is on port 12.
The temperature was 36.6 and the pressure 1013.25.
Contact person for build failures is the release manager.
Error 500 at line 1234, column 56 in main.c.
We sold 1000 units at 19.99 each, 5 percent off.
The novel tells of a doctor who treated cholera in 1854.
Deliver the report by 17 May to all 12 teams.
Ask {email|build-bot@ci.example.net} for the logs.
curl -H "X-Forwarded-For: {ip_address|198.51.100.7}" https://example.org/health
user_id=42 {phone|+14155552671} queued for sms
const test = '{payment_card|4012888888881881}'; // card of the sandbox
`;

interface Sentence {
  readonly text: string;
  readonly labels: readonly Pick<Span, 'start' | 'end' | 'class'>[];
}

function parse(line: string): Sentence {
  const labels: Pick<Span, 'start' | 'end' | 'class'>[] = [];
  let text = '';
  for (const part of line.split(/(\{[a-z_]+\|[^}]+\})/)) {
    const mark = /^\{([a-z_]+)\|([^}]+)\}$/.exec(part);
    const plain = mark?.[2] ?? part;
    if (mark) labels.push({ class: mark[1] as DataClass, start: text.length, end: text.length + plain.length });
    text += plain;
  }
  return { text, labels };
}

function score(set: string, isCounted: (span: Span) => boolean) {
  const missed: string[] = [];
  const wrong: string[] = [];
  let hits = 0;
  for (const { text, labels } of set.trim().split('\n').map(parse)) {
    const found = findPersonal(text).filter(isCounted);
    const isSame = (label: (typeof labels)[number], span: Span): boolean =>
      label.class === span.class && label.start < span.end && span.start < label.end;
    for (const label of labels) {
      if (found.some((span) => isSame(label, span))) hits++;
      else missed.push(`${label.class}: ${text}`);
    }
    for (const span of found) {
      if (!labels.some((label) => isSame(label, span)))
        wrong.push(`${span.class} [${text.slice(span.start, span.end)}]: ${text}`);
    }
  }
  return { recall: hits / (hits + missed.length), precision: hits / (hits + wrong.length), missed, wrong };
}

describe('findPersonal on labelled sentences', () => {
  const isHigh = (span: Span): boolean => span.confidence === 'high';

  it.each([
    ['letters', LETTERS, 0.98, 0.98],
    ['work', WORK, 1, 1],
  ])('finds what is marked in %s, and little else', (_name, set, recall, precision) => {
    const result = score(set, () => true);
    expect(result.recall).toBeGreaterThanOrEqual(recall);
    expect(result.precision).toBeGreaterThanOrEqual(precision);
  });

  it('is never certain of what is not there', () => {
    expect(score(LETTERS + WORK, isHigh).wrong).toEqual([]);
  });
});
