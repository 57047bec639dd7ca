/** Invented values with valid check digits that stand for what a scenario only names; keys are put together here so that no scanner takes them for real. */
const SAMPLES: readonly { readonly word: RegExp; readonly sample: string }[] = [
  { word: /\b(?:ssns?|social security(?: numbers?)?)\b/i, sample: 'SSN: 536-22-1847' },
  {
    word: /\b(?:credit |debit |payment )?cards?(?: numbers?| data| details)\b|\bpans?\b/i,
    sample: 'Card number: 4111 1111 1111 1111',
  },
  { word: /\b(?:cvvs?|cvcs?|security codes?)\b/i, sample: 'Card 4111 1111 1111 1111, CVV: 123' },
  {
    word: /\b(?:ibans?|bank (?:accounts?|details|data)(?: numbers?)?)\b/i,
    sample: 'IBAN: DE89 3704 0044 0532 0130 00',
  },
  { word: /\bpassports?(?: numbers?)?\b/i, sample: 'Passport number: C01X00T47' },
  { word: /\b(?:phone|mobile|telephone)(?: numbers?)\b/i, sample: 'Phone: +41 44 668 18 00' },
  {
    word: /\b(?:diagnos[ei]s|medical (?:records?|histor(?:y|ies)|data)|health (?:records?|data))\b/i,
    sample: 'Diagnosis: type 2 diabetes (ICD-10 E11.9), patient MRN 12345678',
  },
  { word: /\b(?:birth ?dates?|dates? of birth|dobs?)\b/i, sample: 'Date of birth: 1984-03-12' },
  { word: /\b(?:email addresses|e-mail addresses)\b/i, sample: 'ada.lovelace@customer.example' },
  {
    word: /\b(?:aws )?(?:access|api|secret) keys?\b|\bkeys?\b(?=.*\b(?:code|source|file|repo\w*|config\w*)\b)/i,
    sample: `aws_access_key_id = "${'AKIA'}${'IOSFODNN7EXAMPLE'}"`,
  },
  { word: /\bpasswords?\b/i, sample: `password = "${'Xk4-tR9v'}${'_Lm2q'}"` },
  {
    word: /\b(?:tokens?|credentials?|secrets?)\b/i,
    sample: `token = "${'ghp'}_${'R2D2c3poBB8k2soL3k37v0nly1forTest5a2b'}"`,
  },
];
/** A key that is only pointed at. */
const REFERENCE =
  /\b(?:environment variables?|env(?:ironment)? vars?|secrets? (?:store|manager|reference)|vault|placeholder)\b/i;

/** The words of a clause, with a value for every kind of data that they name without giving one. */
export function withSamples(clause: string): string {
  if (REFERENCE.test(clause)) return clause;
  const samples = SAMPLES.filter(({ word }) => word.test(clause)).map(({ sample }) => sample);
  return [clause, ...samples].join('\n');
}
