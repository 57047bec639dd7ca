/** Any JSON value; what params, outputs and expression results are made of. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Text as a database takes it: NUL and halves of characters are shown as what they are, unreadable. */
export function toStorable(text: string): string {
  return text.replaceAll(/\0|\p{Cs}/gu, '\ufffd');
}

/** The same for every text in a value. */
export function toStorableJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? toStorable(each) : each));
}

/** The first `most` characters, counted as JavaScript counts them, and never half of one at the end. */
export function cutText(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}
