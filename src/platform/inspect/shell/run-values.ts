/** Variables whose value is run as a command by the shell or by everyday programs. */
const COMMANDS =
  /^(?:PROMPT_COMMAND|BASH_ENV|ENV|LD_PRELOAD|VISUAL|BROWSER|LESSOPEN|RSYNC_RSH|GIT_SSH|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|(?:GIT_|SUDO_|GIT_SEQUENCE_)?EDITOR|(?:GIT_|MAN)?PAGER|(?:GIT|SSH|SUDO)_ASKPASS)$/;
const PROMPT = /^PS[0-4]$/;

/** The scripts that are run sooner or later because a variable has this value. */
export function scriptsOf(name: string, values: readonly string[]): string[] {
  if (COMMANDS.test(name)) return [...values];
  // What is substituted in a prompt runs whenever it is shown.
  return PROMPT.test(name) ? values.filter((value) => /\$\(|`/.test(value)).map((value) => `: "${value}"`) : [];
}
