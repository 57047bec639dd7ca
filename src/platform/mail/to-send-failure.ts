import { SendFailure } from '../errors/index.ts';

/** Before the first line of the message: nothing can have arrived. */
const BEFORE_DATA = ['EDNS', 'EAUTH', 'ETLS', 'EREQUIRETLS', 'EENVELOPE', 'ENOAUTH'];

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly syscall?: string;
}

/** What an error of the SMTP client means for sending again. `dataBegan`: the server has asked for the message. */
export function toSendFailure(error: unknown, dataBegan: boolean): SendFailure {
  const { code = 'unknown', responseCode, syscall } = error as SmtpError;
  const word = responseCode === undefined ? code : `${code} ${responseCode}`;
  // A server that is going away says 421 whatever it was asked. A wrong login or missing TLS says nothing of this mail.
  if (responseCode !== undefined && responseCode >= 500 && !['EAUTH', 'ETLS'].includes(code))
    return refuse(word, error);
  if (responseCode !== undefined || BEFORE_DATA.includes(code) || syscall === 'connect' || !dataBegan)
    return new SendFailure('later', word, { cause: error });
  return new SendFailure('in_doubt', word, { cause: error });
}

function refuse(word: string, cause: unknown): SendFailure {
  return new SendFailure('refused', word, { cause });
}
