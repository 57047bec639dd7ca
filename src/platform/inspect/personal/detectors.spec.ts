import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DataClass } from '../../../kernel/policy/data-classes.ts';
import type { Confidence } from '../model.ts';
import { findPersonal } from './find-personal.ts';

/** What is found, as `class/confidence:text`. */
function find(text: string, dataClass?: DataClass): string[] {
  return findPersonal(text)
    .filter((span) => dataClass === undefined || span.class === dataClass)
    .map((span) => `${span.class}/${span.confidence}:${text.slice(span.start, span.end)}`);
}

type Row = readonly [text: string, found: string, confidence?: Confidence];

/** Texts with what is found in them, and near misses of the same class. */
const TABLE: Partial<Record<DataClass, { finds: readonly Row[]; misses: readonly string[] }>> = {
  email: {
    finds: [
      ['mail ada@example.org now', 'ada@example.org'],
      ['<Ada.L+tag@mail.example.co.uk>', 'Ada.L+tag@mail.example.co.uk'],
      ['to:ada@example.org,', 'ada@example.org'],
      ['ada@exämple.org', 'ada@exämple.org'],
      ["o'brien@example.org.", "o'brien@example.org"],
    ],
    misses: [
      '@scope/package@1.2.3',
      'git@github.com:org/repo',
      'logo@2x.png',
      'https://user:word@host.example.org/',
      'user@localhost',
      'a@b',
      '@app.route',
      'x@@example.org',
    ],
  },
  phone: {
    finds: [
      ['+1 415 555 2671', '+1 415 555 2671'],
      ['+14155552671', '+14155552671'],
      ['+44 (0)20 7946 0958', '+44 (0)20 7946 0958'],
      ['(415) 555-2671', '(415) 555-2671'],
      ['415-555-2671', '415-555-2671', 'low'],
      ['call 415.555.2671', '415.555.2671'],
      ['tel 5552671', '5552671'],
      ['06 12 34 56 78', '06 12 34 56 78', 'low'],
      ['phone 0049 30 1234567', '0049 30 1234567'],
    ],
    misses: [
      '2024-05-31 12:30',
      '123-456-7890',
      '+999 123456789',
      'x=r+271733878',
      '1234567890',
      '10.0.0.1:8080',
      'part 055-1299',
      '+12',
    ],
  },
  payment_card: {
    finds: [
      ['4111111111111111', '4111111111111111'],
      ['4111 1111 1111 1111', '4111 1111 1111 1111'],
      ['4111-1111 1111.1111', '4111-1111 1111.1111'],
      ['4.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1', '4.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1'],
      ['41 11 11 11 11 11 11 11', '41 11 11 11 11 11 11 11'],
      ['3782-822463-10005', '3782-822463-10005'],
      ['card4111111111111111', '4111111111111111'],
      ['2223003122003222', '2223003122003222'],
      ['411-111-111-111-1111', '411-111-111-111-1111', 'low'],
      ['visa 411-111-111-111-1111', '411-111-111-111-1111'],
      ['6759649826438453', '6759649826438453', 'low'],
      ['4222222222222', '4222222222222', 'low'],
    ],
    misses: [
      '4111111111111112',
      '0.4111111111111111',
      '9111111111111111',
      '411111111111111',
      'f4111111111111111a',
      '1234 1234 1234 1234',
      '1716239022123',
      '4532 1187 2290 8841 1203 5532 9981 4410 3321',
    ],
  },
  card_code: {
    finds: [
      ['CVV: 123', '123'],
      ['cvc2 is 4567', '4567'],
      ['"cvv": "042"', '042'],
      ['the security code of the card is 457', '457'],
      ['security code 457', '457', 'low'],
      ['%B4111111111111111^DOE/J^2512101?', '%B4111111111111111^DOE/J^2512101?'],
      [';4111111111111111=25121010000?', ';4111111111111111=25121010000?'],
    ],
    misses: [
      'the CVV has 3 digits',
      'CVV must be 3 or 4 digits',
      'your security code is 482913',
      'cvv ratio 1.234',
      'csc 100%',
    ],
  },
  national_id: {
    finds: [
      ['123-45-6789', '123-45-6789'],
      ['ssn 123456789', '123456789'],
      ['123 45 6789', '123 45 6789', 'low'],
      ['social security: 123.45.6789', '123.45.6789'],
      ['SSN 1 2 3 4 5 6 7 8 9', '1 2 3 4 5 6 7 8 9'],
      ['ITIN 912-70-1234', '912-70-1234'],
      ['AB 12 34 56 C', 'AB 12 34 56 C'],
      ['NINO ab123456c', 'ab123456c'],
      ['NHS number 943 476 5919', '943 476 5919'],
      ['social insurance 046 454 286', '046 454 286'],
      ['Steuer-ID 86095742719', '86095742719'],
      ['185057800608491', '185057800608491'],
      ['NIF 12345678Z', '12345678Z'],
      ['NIE X1234567L', 'X1234567L'],
      ['BSN 111222333', '111222333'],
      ['RSSMRA85T10A562S', 'RSSMRA85T10A562S'],
      ['44051401359', '44051401359', 'low'],
      ['529.982.247-25', '529.982.247-25'],
      ['CPF 52998224725', '52998224725'],
      ['Aadhaar 2345 6789 0124', '2345 6789 0124'],
      ['11010519491231002X', '11010519491231002X'],
      ['personnummer 811228-9874', '811228-9874'],
      ['85.07.30-033.28', '85.07.30-033.28'],
      ['GODE561231HDFRRN09', 'GODE561231HDFRRN09'],
      ["driver's license no. D1234567", 'D1234567'],
    ],
    misses: [
      '000-45-6789',
      '666-45-6789',
      '900-45-6789',
      '123-00-6789',
      '123-45-0000',
      '123456789',
      '1-123-45-6789-2',
      'GB 12 34 56 C',
      'NIF 12345678A',
      'BSN 111222334',
      'CPF 111.111.111-11',
      '529.982.247-26',
      'RSSMRA85T10A562T',
      '44051401358',
      'NHS number 943 476 5918',
    ],
  },
  passport: {
    finds: [
      ['passport number 533401372', '533401372'],
      ['Reisepass C01X00T47', 'C01X00T47'],
      ['passport: AB1234567', 'AB1234567'],
      ['P<GBRLOVELACE<<ADA<<<<<<<<<<<<<<<<<<<<<<<<<<', 'P<GBRLOVELACE<<ADA<<<<<<<<<<<<<<<<<<<<<<<<<<'],
    ],
    misses: ['passport strategy 12', 'a passport costs 80 EUR', 'passport-local 1.0.0', 'P<0.05 and a<<2'],
  },
  bank_account: {
    finds: [
      ['DE89370400440532013000', 'DE89370400440532013000'],
      ['gb82 west 1234 5698 7654 32', 'gb82 west 1234 5698 7654 32'],
      ['NO93-8601-1117-947', 'NO93-8601-1117-947'],
      ['routing 021000021', '021000021'],
      ['account number 12345678', '12345678', 'low'],
      ['bank account: 12345678', '12345678'],
      ['sort code 20-00-00', '20-00-00'],
    ],
    misses: [
      'DE89370400440532013001',
      'DE8937040044053201300',
      'XX89370400440532013000',
      'routing 021000022',
      'account manager of 24 customers',
      'GB82 is a part',
    ],
  },
  ip_address: {
    finds: [
      ['from 203.0.113.42', '203.0.113.42'],
      ['10.20.30.40', '10.20.30.40', 'low'],
      ['[2001:db8::ff00:42:8329]', '2001:db8::ff00:42:8329'],
      ['fe80::1ff:fe23:4567:890a', 'fe80::1ff:fe23:4567:890a', 'low'],
    ],
    misses: [
      '127.0.0.1',
      '0.0.0.0',
      '255.255.255.0',
      'version 10.2.3.4',
      '1.2.3.4.5',
      '256.1.1.1',
      '::1',
      'a::b',
      'std::vector',
      '12:30:45',
      '00:1b:44:11:3a:b7',
      '10.10.10.10.example.com',
      'v8": "3.11.10.10',
    ],
  },
  birth_date: {
    finds: [
      ['born 1986-02-14', '1986-02-14'],
      ['DOB: 14.02.1986', '14.02.1986'],
      ['date of birth: 14/02/86', '14/02/86'],
      ['born on 3rd of March 1991', '3rd of March 1991'],
      ['birthday: July 4, 1985', 'July 4, 1985'],
      ['geboren am 3. März 1991', '3. März 1991'],
      ['14/02/1986 (DOB)', '14/02/1986'],
    ],
    misses: ['due 1986-02-14', 'born in 1984', 'the birthday party on 2024-05-01', 'founded on 3 March 1991'],
  },
  address: {
    finds: [
      ['12 Baker Street, London NW1 6XE', '12 Baker Street, London NW1 6XE'],
      ['742 Evergreen Terrace', '742 Evergreen Terrace', 'low'],
      ['350 Fifth Avenue, New York, NY 10118', '350 Fifth Avenue, New York, NY 10118'],
      ['lives at 12 baker street', '12 baker street'],
      ['Musterstraße 12, 10115 Berlin', 'Musterstraße 12, 10115 Berlin'],
      ['12 rue de la Paix, 75002 Paris', '12 rue de la Paix, 75002 Paris'],
      ['Calle Mayor 5, 28013 Madrid', 'Calle Mayor 5, 28013 Madrid'],
      ['PO Box 1234', 'PO Box 1234', 'low'],
    ],
    misses: [
      '3 Ways to win',
      '12 Monkeys in the Court',
      'a 6 hour drive',
      'via Slack 2',
      'Main Street is closed',
      '$20 Gift Way',
      'in 3 easy steps close the row',
    ],
  },
  location: {
    finds: [
      ['52.520008, 13.404954', '52.520008, 13.404954', 'low'],
      ['GPS 52.520008, 13.404954.', '52.520008, 13.404954'],
      ['lat: 48.85837', '48.85837'],
      ['"lng": -0.12574', '-0.12574'],
      ['40°26′46″N 79°58′56″W', '40°26′46″N 79°58′56″W'],
    ],
    misses: ['12.5, 14.2', '95.520008, 13.404954', '52.520008, 213.404954', 'late: 48.85837', '20 °C'],
  },
  health: {
    finds: [
      ['the patient was diagnosed with asthma', 'asthma'],
      ['he has asthma', 'asthma', 'low'],
      ['MRN: 00482913', '00482913'],
      ['patient ID A-4829131', 'A-4829131'],
      ['ICD-10: E11.9', 'E11.9'],
      ['Diagnosis J45', 'J45'],
      ['she takes metformin daily', 'metformin'],
    ],
    misses: [
      'diabetes affects people worldwide',
      'the study treated adults with metformin',
      'asthma is a disease',
      'patient zero of the outage',
      'the cancer of bureaucracy',
      'code E11.9 in the parts list',
    ],
  },
  biometric: {
    finds: [
      ['his fingerprint template', 'fingerprint template', 'low'],
      [`face embedding ${'0.1234, '.repeat(4)}`, `face embedding ${'0.1234, '.repeat(4)}`],
      [`iris code ${'QUJDRA'.repeat(8)}`, `iris code ${'QUJDRA'.repeat(8)}`],
    ],
    misses: [
      'the TLS fingerprint changed',
      'browser fingerprint',
      'facial recognition is debated',
      'key fingerprint SHA256:abc',
    ],
  },
  genetic: {
    finds: [
      ['rs1801133 C/T', 'rs1801133 C/T'],
      ['rs429358(C;T)', 'rs429358(C;T'],
      ['she carries BRCA1', 'BRCA1', 'low'],
      ['the patient was diagnosed as a BRCA2 carrier', 'BRCA2'],
    ],
    misses: ['the DNA of our brand', 'BRCA1 was found in 1994', 'rs1801133 is a variant', 'users123 CT'],
  },
  special_category: {
    finds: [
      ['he is Catholic', 'Catholic', 'low'],
      ['my trade union card', 'trade union', 'low'],
      ['she is gay', 'gay', 'low'],
      ['her ethnic origin', 'ethnic origin', 'low'],
    ],
    misses: [
      'the museum of Islamic art',
      'Orthodox Easter is late',
      'a union of sets',
      'race conditions',
      'the Democrat won the county',
    ],
  },
  child: {
    finds: [
      ['my 8-year-old daughter', '8-year-old'],
      ['a boy aged 9', 'aged 9'],
      ['the pupil is 12 years old', '12 years old'],
      ['he is 12 years old', '12 years old', 'low'],
    ],
    misses: [
      'a 12-year-old whisky',
      'my daughter is 18 years old',
      'cache age 9 seconds',
      'a 40-year-old man',
      'a son, 10 years older',
    ],
  },
};

describe.each(Object.entries(TABLE) as [DataClass, NonNullable<(typeof TABLE)[DataClass]>][])(
  '%s',
  (dataClass, { finds, misses }) => {
    it.each(finds)('is found in `%s`', (text, found, confidence = 'high') => {
      expect(find(text, dataClass)).toContain(`${dataClass}/${confidence}:${found}`);
    });

    it.each(misses)('is not found in `%s`', (text) => {
      expect(find(text, dataClass)).toEqual([]);
    });
  },
);

describe('findPersonal', () => {
  it('takes a number as one thing, as the surest reading says', () => {
    expect(find('call about card 4111 1111 1111 1111')).toEqual(['payment_card/high:4111 1111 1111 1111']);
    expect(find('born 1986-02-14')).toEqual(['birth_date/high:1986-02-14']);
  });

  it('finds several things in one text, by place', () => {
    expect(find('ada@example.org, SSN 123-45-6789, +1 415 555 2671')).toEqual([
      'email/high:ada@example.org',
      'national_id/high:123-45-6789',
      'phone/high:+1 415 555 2671',
    ]);
  });

  it('guesses no names in free text', () => {
    expect(find('Ada Lovelace wrote to Charles Babbage about the engine.')).toEqual([]);
  });

  it('answers for any text, with spans inside it, by place and never empty', () => {
    const samples = Object.values(TABLE).flatMap(({ finds, misses }) => [...finds.map(([text]) => text), ...misses]);
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...samples),
      fc.stringMatching(/^[\d .+()-]{1,40}$/),
    );
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('')),
        (text) => {
          const spans = findPersonal(text);
          const isInside = spans.every(({ start, end }) => start >= 0 && start < end && end <= text.length);
          const isSorted = spans.every((span, index) => index === 0 || span.start >= (spans[index - 1]?.start ?? 0));
          return isInside && isSorted;
        },
      ),
      { numRuns: 500 },
    );
  });
});
