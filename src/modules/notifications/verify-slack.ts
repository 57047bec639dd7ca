import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export const SIGNATURE_WINDOW_SECONDS = 300;

export interface SignedBody {
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  /** The bytes as they came: signed is what was sent, not what a parser makes of it. */
  readonly body: Uint8Array;
}

/** Whether Slack has signed exactly these bytes within five minutes of `nowSeconds`, before or after. */
export function isFromSlack(secret: string, { timestamp, signature, body }: SignedBody, nowSeconds: number): boolean {
  if (timestamp === undefined || signature === undefined || !/^[1-9]\d{0,11}$/.test(timestamp)) return false;
  const expected = Buffer.from(toSignature(secret, timestamp, body));
  const given = Buffer.from(signature);
  const isSame = given.length === expected.length && timingSafeEqual(given, expected);
  return isSame && Math.abs(nowSeconds - Number(timestamp)) <= SIGNATURE_WINDOW_SECONDS;
}

export function toSignature(secret: string, timestamp: string, body: Uint8Array): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
}

/** What is signed the same is the same event, however often it comes. */
export function toEventKey(mark: string): Buffer {
  return createHash('sha256').update(mark).digest();
}
