/** `refused`: never; `later`: nothing was sent, try again; `limited`: not before `afterMs`; `in_doubt`: it may have arrived. */
export const SEND_FAILURES = ['refused', 'later', 'limited', 'in_doubt'] as const;
export type SendFailureKind = (typeof SEND_FAILURES)[number];

/** A message that a mail or chat server has not confirmed. `message` is a short word of the server's answer, never content. */
export class SendFailure extends Error {
  readonly kind: SendFailureKind;
  readonly afterMs: number;

  constructor(
    kind: SendFailureKind,
    message: string,
    options: { readonly afterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'SendFailure';
    this.kind = kind;
    this.afterMs = options.afterMs ?? 0;
  }
}
