import type { Confidence } from '../model.ts';
import { gradePassword, gradeSecret, gradeToken } from './grading.ts';
import { classifyName, toPlainName } from './names.ts';
import type { Name, NameClass } from './names.ts';
import { NAMED_RULES } from './named-rules.ts';
import { isReference } from './placeholders.ts';
import { isWordy, looksRandom } from './randomness.ts';
import { endOfCut, readValue } from './values.ts';
import type { Value } from './values.ts';
import { isDummy } from './rule.ts';

export const ASSIGNMENT = 'assignment';

export interface Assigned {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly confidence: Confidence;
}

/** The secret that a name is given, if its name and value say that it is one. */
export function readAssignment(text: string, name: Name): Assigned | undefined {
  const before = text.slice(Math.max(0, name.start - 40), name.start);
  const plain = toPlainName(withWordBefore(before, text.slice(name.start, name.end)));
  const nameClass = classifyName(plain);
  if (nameClass === undefined) return undefined;
  const value = readValue(text, name, nameClass);
  if (value === undefined || value.end <= value.start) return undefined;
  const content = text.slice(value.start, value.end);
  const vendor = nameVendor(before, plain, content);
  const confidence = vendor === undefined ? grade(content, nameClass, value, plain) : 'high';
  if (confidence === undefined) return undefined;
  const end = value.isCut ? endOfCut(text, value) : value.end;
  return { kind: vendor ?? ASSIGNMENT, start: value.start, end, confidence };
}

const WORD_BEFORE =
  /(?<![A-Za-z])(?:api|access|secret|private|auth|encryption|signing|master|license|account|shared|session|bot|seed|recovery|backup|webhook|client)[ _-]$/i;

/** `API key:` and `secret access key =` are names of two words. */
function withWordBefore(before: string, name: string): string {
  if (!/^(?:keys?|token|id|phrase)$/i.test(name)) return name;
  const word = WORD_BEFORE.exec(before);
  return word === null ? name : word[0] + name;
}

function nameVendor(before: string, plain: string, content: string): string | undefined {
  if (content.length < 20 || content.length > 2000 || !looksRandom(content) || isDummy(content)) return undefined;
  const line = before
    .slice(before.lastIndexOf('\n') + 1)
    .toLowerCase()
    .replace(/[ -]/g, '_');
  return NAMED_RULES.find(({ words, value }) => value.test(content) && words.test(line + plain))?.id;
}

// What stands between two texts in code: `"token: " + name + "`.
const BETWEEN_LITERALS = /^\s*(?:\+.*[+();,]\s*$|[,;)])/;
const MEMBER = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$/;

const GRADES: Record<NameClass, (value: string) => Confidence | undefined> = {
  password: gradePassword,
  secret: gradeSecret,
  token: gradeToken,
};

function grade(content: string, nameClass: NameClass, value: Value, plain: string): Confidence | undefined {
  const found = GRADES[nameClass](content);
  if (isNameOf(content, plain)) return value.style === 'line' && nameClass !== 'token' && found ? 'low' : undefined;
  if (found === undefined) return undefined;
  switch (value.style) {
    case 'quoted':
      return BETWEEN_LITERALS.test(content) ? undefined : found;
    case 'line':
      return found === 'low' && MEMBER.test(content) ? undefined : found;
    case 'given':
      return found;
    case 'bare':
      return gradeBare(content, found);
    case 'loose':
      return found === 'high' && /\d/.test(content) && (nameClass === 'password' || looksRandom(content))
        ? found
        : undefined;
    case 'aside':
      return found === 'high' && content.length >= 12 && looksRandom(content) ? found : undefined;
  }
}

/** `password: 'password'` and `token = accessToken` tell nothing. */
function isNameOf(content: string, plain: string): boolean {
  if (/\d/.test(content)) return false;
  const value = toPlainName(content);
  return (
    value === plain ||
    (/pass(?:word|wd)|passphrase|secret|token|[a-z]_key$|api_?key|credential/.test(value) && isWordy(content))
  );
}

/** An unquoted word in code is a name or an expression more often than a secret. */
function gradeBare(content: string, found: Confidence): Confidence | undefined {
  if (!/\d/.test(content) || isReference(content) || /[()[\]{}]|^[!~&|]|^0x/.test(content)) return undefined;
  if (MEMBER.test(content)) return undefined;
  if (!/^[A-Za-z_$][\w$]*$/.test(content)) return found;
  return content.length >= 8 && looksRandom(content) ? found : undefined;
}
