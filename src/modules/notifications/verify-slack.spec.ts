import { describe, expect, it } from '@jest/globals';
import { isFromSlack, toEventKey, toSignature } from './verify-slack.ts';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const NOW = 1_531_420_618;
const BODY = Buffer.from(
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
);
const SIGNATURE = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
const signed = { timestamp: String(NOW), signature: SIGNATURE, body: BODY };

describe('the signature of what comes from Slack', () => {
  it('is the one that Slack documents', () => {
    expect(isFromSlack(SECRET, signed, NOW)).toBe(true);
  });

  it.each([300, -300])('holds %d seconds away from now', (seconds) => {
    expect(isFromSlack(SECRET, signed, NOW + seconds)).toBe(true);
  });

  it.each([301, -301, 86_400, -86_400])('does not hold %d seconds away from now, before or after', (seconds) => {
    expect(isFromSlack(SECRET, signed, NOW + seconds)).toBe(false);
  });

  it.each([
    ['another secret', 'other', signed],
    ['no signature', SECRET, { ...signed, signature: undefined }],
    ['no time', SECRET, { ...signed, timestamp: undefined }],
    ['two times', SECRET, { ...signed, timestamp: `${NOW}, ${NOW}` }],
    ['two signatures', SECRET, { ...signed, signature: `${SIGNATURE}, ${SIGNATURE}` }],
    ['a signature cut short', SECRET, { ...signed, signature: SIGNATURE.slice(0, -1) }],
    ['upper case', SECRET, { ...signed, signature: SIGNATURE.toUpperCase() }],
    ['another version', SECRET, { ...signed, signature: SIGNATURE.replace('v0', 'v1') }],
    ['another time', SECRET, { ...signed, timestamp: String(NOW + 1) }],
    ['a time that is no number', SECRET, { ...signed, timestamp: '1531420618.0' }],
    ['one byte changed', SECRET, { ...signed, body: Buffer.from(BODY.toString().replace('roadrunner', 'roadrunneR')) }],
    ['one byte more', SECRET, { ...signed, body: Buffer.concat([BODY, Buffer.from('\n')]) }],
    ['the same, encoded otherwise', SECRET, { ...signed, body: Buffer.from(BODY.toString().replaceAll('%2F', '/')) }],
  ])('refuses %s', (_, secret, changed) => {
    expect(isFromSlack(secret, changed, NOW)).toBe(false);
  });

  it('is over the bytes, whatever they are', () => {
    const body = Buffer.from([0, 255, 128, 10]);
    const signature = toSignature(SECRET, String(NOW), body);
    expect(isFromSlack(SECRET, { timestamp: String(NOW), signature, body }, NOW)).toBe(true);
  });

  it('names the event once', () => {
    expect(toEventKey(SIGNATURE)).toEqual(toEventKey(SIGNATURE));
    expect(toEventKey(SIGNATURE)).not.toEqual(toEventKey(SIGNATURE.replace('a2', 'a3')));
  });
});
