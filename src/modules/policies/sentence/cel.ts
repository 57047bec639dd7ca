/** A text as the condition language writes it. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

export function quoteList(texts: readonly string[]): string {
  return `[${texts.map(quote).join(', ')}]`;
}

function wrap(condition: string, operator: string): string {
  return new RegExp(`[&|?]`).test(condition) && !isGroup(condition, operator) ? `(${condition})` : condition;
}

/** Whether the condition is one chain of `operator`, or one group in parentheses. */
function isGroup(condition: string, operator: string): boolean {
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < condition.length; at++) {
    const char = condition[at];
    if (char === '\\') at++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && char === '(') depth++;
    else if (!isQuoted && char === ')') depth--;
    else if (!isQuoted && depth === 0 && /[&|?]/.test(char ?? '') && char !== operator[0]) return false;
  }
  return true;
}

function join(conditions: readonly string[], operator: '&&' | '||'): string {
  const distinct = [...new Set(conditions.filter((each) => each !== ''))];
  const [only] = distinct;
  if (distinct.length <= 1) return only ?? '';
  return distinct.map((each) => wrap(each, operator)).join(` ${operator} `);
}

export function allOf(...conditions: readonly string[]): string {
  return join(conditions, '&&');
}

export function anyOf(...conditions: readonly string[]): string {
  return join(conditions, '||');
}

export function not(condition: string): string {
  return /^[a-z]+(?:\.[A-Za-z0-9]+)?$/.test(condition) ? `!${condition}` : `!(${condition})`;
}

/** `attribute` is one of the texts. */
export function isOneOf(attribute: string, texts: readonly string[]): string {
  const [only] = texts;
  return texts.length === 1 && only !== undefined
    ? `${attribute} == ${quote(only)}`
    : `${attribute} in ${quoteList(texts)}`;
}

/** A list attribute holds one of the texts. */
export function holdsOneOf(attribute: string, texts: readonly string[]): string {
  const [only] = texts;
  return texts.length === 1 && only !== undefined
    ? `${quote(only)} in ${attribute}`
    : `${attribute}.exists(x, x in ${quoteList(texts)})`;
}

/** A list attribute holds something, and nothing but these. */
export function holdsOnly(attribute: string, texts: readonly string[]): string {
  return `${attribute}.size() > 0 && ${attribute}.all(x, x in ${quoteList(texts)})`;
}
