import type { Json, JsonObject } from '../../kernel/json.ts';
import { AppError } from '../errors/app-error.ts';
import { isRow } from './row.ts';

/**
 * Elements as objects: attributes `@name`, text `#text` (or the text itself where there is nothing else), repeated elements as
 * lists. `rows` too, when the root's elements all have one name and hold something. Reads in one pass, without recursion.
 */
export function parseXml(text: string): JsonObject {
  const root = new Reader(text).read();
  const value: JsonObject = bare();
  const rows = findRows(root);
  value[root.name] = toValue(root);
  return rows === undefined ? { value } : { value, rows };
}

interface Element {
  readonly name: string;
  readonly attributes: JsonObject;
  /** Values by name, in the order of first sight. */
  readonly children: Map<string, Json[]>;
  text: string;
}

const MAX_DEPTH = 256;
const NAME = /[\p{L}_:][\p{L}\p{N}\p{M}_:.·-]*/uy;
const SPACE = /\s*/y;
const TEXT = /[^<]*/y;
const VALUE = /"[^"<]*"|'[^'<]*'/y;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** By hand: fast-xml-parser takes what is not well formed, and needs twice the memory, too much for a file of 8 MB. */
class Reader {
  readonly #text: string;
  readonly #open: Element[] = [];
  #root: Element | undefined;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Element {
    while (this.#at < this.#text.length) {
      const start = this.#at;
      const text = this.#take(TEXT) ?? '';
      if (text !== '') this.#addText(this.#decode(text, start), start);
      if (this.#at < this.#text.length) this.#readMarkup();
    }
    const left = this.#open.at(-1);
    if (left !== undefined) throw this.#wrong(`\`<${left.name}>\` is never closed`);
    return this.#root ?? this.#fail('it holds no element');
  }

  #readMarkup(): void {
    if (this.#starts('<!--')) this.#skipTo('-->', 'a comment is');
    else if (this.#starts('<?')) this.#skipTo('?>', 'a processing instruction is');
    else if (this.#starts('<![CDATA[')) this.#addText(this.#skipTo(']]>', 'a CDATA section is').slice(9, -3), this.#at);
    // Entities declared there can grow without end or name files; data does not need any.
    else if (this.#starts('<!')) this.#fail('a DOCTYPE is not accepted; leave it out, nothing else depends on it');
    else if (this.#starts('</')) this.#close();
    else this.#openElement();
  }

  #openElement(): void {
    if (this.#root !== undefined && this.#open.length === 0) this.#fail('there is a second root element');
    if (this.#open.length === MAX_DEPTH) this.#fail(`elements are nested more than ${MAX_DEPTH} levels deep`);
    this.#at++;
    const name = this.#take(NAME) ?? this.#fail('a `<` is not followed by a name; in text it is written `&lt;`');
    const element: Element = { name, attributes: this.#readAttributes(name), children: new Map(), text: '' };
    this.#root ??= element;
    const isEmpty = this.#starts('/>');
    if (!isEmpty && !this.#starts('>')) this.#fail(`the tag \`<${name}\` is not closed`);
    this.#at += isEmpty ? 2 : 1;
    if (isEmpty) this.#finish(element);
    else this.#open.push(element);
  }

  #readAttributes(tag: string): JsonObject {
    const attributes = bare();
    for (;;) {
      const space = this.#take(SPACE) ?? '';
      const name = this.#take(NAME);
      if (name === undefined) return attributes;
      if (space === '') this.#fail(`a space is missing before the attribute \`${name}\``);
      this.#take(SPACE);
      if (!this.#starts('=')) this.#fail(`the attribute \`${name}\` of \`<${tag}>\` has no value`);
      this.#at++;
      this.#take(SPACE);
      const start = this.#at;
      const value = this.#take(VALUE) ?? this.#fail(`the value of the attribute \`${name}\` needs quotes`);
      if (`@${name}` in attributes) this.#fail(`\`<${tag}>\` has the attribute \`${name}\` twice`);
      attributes[`@${name}`] = this.#decode(value.slice(1, -1), start);
    }
  }

  #close(): void {
    const start = this.#at;
    this.#at += 2;
    const name = this.#take(NAME);
    this.#take(SPACE);
    const element = this.#open.pop();
    if (element === undefined || name !== element.name) {
      this.#at = start;
      this.#fail(
        element === undefined
          ? `\`</${name ?? ''}>\` closes nothing`
          : `\`</${name ?? ''}>\` stands where \`</${element.name}>\` should`,
      );
    }
    if (!this.#starts('>')) this.#fail(`the tag \`</${name ?? ''}\` is not closed`);
    this.#at++;
    this.#finish(element);
  }

  #finish(element: Element): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) return;
    const values = parent.children.get(element.name) ?? [];
    values.push(toValue(element));
    parent.children.set(element.name, values);
  }

  #addText(text: string, start: number): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
    else if (text.trim() !== '') {
      this.#at = start;
      this.#fail('there is text outside the root element');
    }
  }

  /** The five names of XML and numbers. */
  #decode(text: string, start: number): string {
    return text.replace(
      /&(?:#x([0-9a-f]{1,6});|#(\d{1,7});|(amp|lt|gt|quot|apos);)?/gi,
      (whole, hex?: string, decimal?: string, name?: string) => {
        if (name !== undefined && NAMED[name] !== undefined) return NAMED[name];
        const point = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16);
        if (point > 0 && point <= 0x10ffff) return String.fromCodePoint(point);
        this.#at = start;
        return this.#fail(`\`${whole}\` begins no character that XML knows; a plain \`&\` is written \`&amp;\``);
      },
    );
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #starts(mark: string): boolean {
    return this.#text.startsWith(mark, this.#at);
  }

  #skipTo(end: string, what: string): string {
    const found = this.#text.indexOf(end, this.#at);
    if (found < 0) this.#fail(`${what} never closed`);
    const skipped = this.#text.slice(this.#at, found + end.length);
    this.#at = found + end.length;
    return skipped;
  }

  #fail(why: string): never {
    throw this.#wrong(why);
  }

  #wrong(why: string): AppError {
    const before = this.#text.slice(0, this.#at).split('\n');
    return new AppError(
      'invalid_input',
      `The text is not XML: ${why} (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}).`,
    );
  }
}

/** Without a prototype, an element called `__proto__` is an element like any other. */
function bare(): JsonObject {
  return Object.create(null) as JsonObject;
}

function toValue({ attributes, children, text }: Element): Json {
  const trimmed = text.trim();
  if (children.size === 0 && Object.keys(attributes).length === 0) return trimmed;
  const value = Object.assign(bare(), attributes);
  for (const [name, values] of children) value[name] = values.length === 1 ? (values[0] ?? null) : values;
  if (trimmed !== '') value['#text'] = trimmed;
  return value;
}

function findRows({ children }: Element): JsonObject[] | undefined {
  const [only, another] = children.values();
  if (only === undefined || another !== undefined) return undefined;
  return only.every(isRow) ? only : undefined;
}
