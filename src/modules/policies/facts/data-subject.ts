import type { Json, JsonObject } from '../../../kernel/json.ts';
import { CONTACT_CLASSES } from '../../../kernel/policy/data-classes.ts';
import type { Facts } from '../../../kernel/policy/facts.ts';
import type { Finding } from '../../../platform/inspect/index.ts';
import { toAddress } from './recipient-facts.ts';

/** Whether a message tells its only recipient nothing but that person's own address. */
export function isForDataSubject(
  { recipients }: Pick<Facts, 'recipients'>,
  params: JsonObject,
  findings: readonly Finding[],
): boolean {
  const [only] = recipients.addresses;
  if (recipients.count !== 1 || only === undefined) return false;
  const contact = findings.filter((each) => CONTACT_CLASSES.includes(each.class) && each.confidence === 'high');
  return contact.every((each) => each.class === 'email' && toAddress(readSpan(params, each)) === only);
}

function readSpan(top: JsonObject, { path, start, end }: Finding): string {
  let at: Json | undefined = top;
  for (const key of path) {
    at =
      Array.isArray(at) && typeof key === 'number'
        ? at[key]
        : at !== null && typeof at === 'object'
          ? (at as JsonObject)[key]
          : undefined;
  }
  return typeof at === 'string' ? at.slice(start, end) : '';
}
