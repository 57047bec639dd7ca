const nothing = (): void => {};

/** For Slack's packages: what is worth a line is said by whoever called; stdout belongs to the protocol. */
export const QUIET = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
};
