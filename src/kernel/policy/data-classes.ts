/** Kinds of personal and protected data, as decisions name them. */
export const DATA_CLASSES = [
  'email',
  'phone',
  'name',
  'address',
  'birth_date',
  'national_id',
  'passport',
  'payment_card',
  'card_code',
  'bank_account',
  'ip_address',
  'health',
  'biometric',
  'genetic',
  'special_category',
  'child',
  'location',
  'credential',
] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

/** How people are reached: fine inside the workspace, redacted on the way out. */
export const CONTACT_CLASSES: readonly DataClass[] = ['email', 'phone', 'name', 'address', 'birth_date'];

/** What must not leave at all. */
export const RESTRICTED_CLASSES: readonly DataClass[] = [
  'national_id',
  'passport',
  'payment_card',
  'card_code',
  'bank_account',
  'health',
  'biometric',
  'genetic',
  'special_category',
];

/** Everything about a person: all classes but `credential`. */
export const PERSONAL_CLASSES: readonly DataClass[] = DATA_CLASSES.filter((each) => each !== 'credential');

export const DATA_LEVELS = ['public', 'internal', 'confidential', 'restricted'] as const;
export type DataLevel = (typeof DATA_LEVELS)[number];
