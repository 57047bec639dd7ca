import { stripVTControlCharacters } from 'node:util';

const WIDTH = 104;
const COLOURS = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
type Colour = keyof typeof COLOURS;

/** Tells the story on a stream: plain text unless it is a terminal that may show colours. Text from outside is shown, never obeyed. */
export class Screen {
  readonly #isColoured: boolean;
  readonly #width: number;
  #chapter = 0;

  constructor(
    private readonly out: NodeJS.WriteStream,
    noColour: boolean,
  ) {
    this.#isColoured = out.isTTY && !noColour;
    this.#width = out.isTTY ? Math.max(60, Math.min(WIDTH, out.columns - 1)) : WIDTH;
  }

  title(text: string): void {
    this.#line(this.#paint('bold', visible(text)));
  }

  chapter(text: string): void {
    this.#chapter += 1;
    this.#line('');
    this.#line(this.#paint('bold', `${this.#chapter}. ${visible(text)}`));
  }

  say(text: string): void {
    for (const line of this.#wrap(text, 3)) this.#line(`   ${line}`);
  }

  /** What a person typed, or would. */
  quote(text: string): void {
    for (const line of this.#wrap(text, 5)) this.#line(this.#paint('cyan', `   > ${line}`));
  }

  good(text: string): void {
    this.#mark('✓', 'green', text);
  }

  /** The product refused something, as it should. */
  stopped(word: string, text: string): void {
    this.#mark('■', 'yellow', `${word}: ${text}`);
  }

  bad(text: string): void {
    this.#mark('✗', 'red', text);
  }

  /** Lines as they are, indented; longer ones are cut. */
  block(text: string, maxLines = 40): void {
    const lines = text.replace(/\n+$/, '').split('\n');
    for (const line of lines.slice(0, maxLines)) this.#line(this.#paint('dim', `     ${this.#cut(line, 5)}`));
    if (lines.length > maxLines) this.#line(this.#paint('dim', `     … ${lines.length - maxLines} more lines`));
  }

  table(rows: readonly (readonly string[])[]): void {
    const widths = (rows[0] ?? []).map((_, column) =>
      Math.max(...rows.map((row) => visible(row[column] ?? '').length)),
    );
    for (const row of rows) {
      const cells = row.map((cell, column) => visible(cell).padEnd(widths[column] ?? 0));
      this.#line(`     ${this.#cut(cells.join('  ').trimEnd(), 5)}`);
    }
  }

  #mark(mark: string, colour: Colour, text: string): void {
    const [first = '', ...rest] = this.#wrap(text, 5);
    this.#line(`   ${this.#paint(colour, mark)} ${first}`);
    for (const line of rest) this.#line(`     ${line}`);
  }

  #wrap(text: string, indent: number): string[] {
    const lines: string[] = [];
    for (const word of visible(text).split(/\s+/)) {
      const last = lines.at(-1);
      if (last !== undefined && last.length + word.length + 1 <= this.#width - indent)
        lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
    }
    return lines;
  }

  #cut(text: string, indent: number): string {
    const line = visible(text);
    return line.length > this.#width - indent ? `${line.slice(0, this.#width - indent - 1)}…` : line;
  }

  #paint(colour: Colour, text: string): string {
    return this.#isColoured ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text;
  }

  #line(text: string): void {
    this.out.write(`${text}\n`);
  }
}

function visible(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\t/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '');
}
