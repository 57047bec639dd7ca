import { FLAVOURS, readToken, skip, type Token } from './lexer.ts';

const HIDDEN = /^\/\*M?!\d*/;

/** How MySQL reads them; its parser gives them another rank. */
const OPERATORS = new Map([
  ['||', ' OR '],
  ['&&', ' AND '],
]);

/** As MySQL reads it: `||` is OR, and what stands in a version comment runs, or not, by the version of the server. */
export function rewriteMysql(text: string, runsHidden: boolean): { readonly text: string; readonly isHiding: boolean } {
  const pieces: string[] = [];
  let isHiding = false;
  let previous: Token | undefined;
  for (let at = 0; at < text.length;) {
    const start = at;
    at = skip(text, start, FLAVOURS.mysql);
    if (at > start) {
      const comment = text.slice(start, at);
      const isHidden = HIDDEN.test(comment);
      isHiding ||= isHidden;
      pieces.push(
        isHidden && runsHidden ? ` ${comment.replace(HIDDEN, '').replace(/\*\/$/, '')} ` : isHidden ? ' ' : comment,
      );
    } else {
      previous = readToken(text, start, FLAVOURS.mysql, previous);
      at = previous.end;
      const operator = previous.kind === 'sign' ? OPERATORS.get(previous.text) : undefined;
      pieces.push(operator ?? text.slice(start, at));
    }
  }
  return { text: pieces.join(''), isHiding };
}
