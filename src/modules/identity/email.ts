import { cutText } from '../../kernel/json.ts';
import { AppError } from '../../platform/errors/index.ts';

const EMAIL = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$/;

/** Lower case, one plain address: nothing that a mail header or a list of addresses would read otherwise. */
export function toEmail(text: string): string {
  const email = text.trim().toLowerCase();
  if (email.length <= 254 && EMAIL.test(email)) return email;
  const shown = cutText(email.replace(/\p{C}/gu, ''), 80);
  throw new AppError('invalid_input', `\`${shown}\` is no e-mail address. Give one such as \`ada@example.com\`.`);
}
