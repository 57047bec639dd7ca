import { type ReactNode, useId, useMemo, useState } from 'react';
import type { Json } from '../../../src/kernel/json.ts';
import { Pieces, Shown } from '../shown.tsx';
import { type Piece, toPieces } from '../visible-text.ts';
import { toBytes } from '../words.ts';

const SHORT = 120;
const LINES_AT_ONCE = 4000;
/** A line without an end is laid out in parts of this size. */
const PART = 4000;
const MAX_DEPTH = 5;
const MAX_ITEMS = 50;

interface ValueProps {
  readonly label: string;
  readonly value: Json;
  readonly depth?: number;
}

/** One value of an action, complete: nothing is cut off, nothing is interpreted. */
export function Value({ label, value, depth = 0 }: ValueProps): ReactNode {
  if (typeof value === 'string') return <Text label={label} text={value} />;
  if (value === null || typeof value !== 'object') return <code className="literal">{String(value)}</code>;
  const entries = Array.isArray(value)
    ? value.map((item, index): [string, Json] => [String(index + 1), item])
    : Object.entries(value);
  if (entries.length === 0) return <span className="quiet">{Array.isArray(value) ? 'empty list' : 'no fields'}</span>;
  if (depth >= MAX_DEPTH || entries.length > MAX_ITEMS) {
    return <Block label={label} text={JSON.stringify(value, null, 2)} />;
  }
  return (
    <dl className="nested">
      {entries.map(([name, item]) => (
        <div key={name}>
          <dt>
            <Shown text={name} />
          </dt>
          <dd>
            <Value label={`${label} ${name}`} value={item} depth={depth + 1} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Text({ label, text }: { readonly label: string; readonly text: string }): ReactNode {
  if (text === '') return <span className="quiet">empty text</span>;
  if (text.length > SHORT || text.includes('\n')) return <Block label={label} text={text} />;
  return (
    <code className="literal">
      <Shown text={text} />
    </code>
  );
}

/** Long text with line numbers in a box that scrolls by mouse, finger and keyboard. */
export function Block({ label, text }: { readonly label: string; readonly text: string }): ReactNode {
  const lines = useMemo(() => toLines(toPieces(text)), [text]);
  const [limit, setLimit] = useState(LINES_AT_ONCE);
  const [isOpen, setOpen] = useState(false);
  const captionId = useId();
  const size = `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}, ${toBytes(text)}`;
  const chunks = toChunks(lines.slice(0, limit));
  const left = lines.length - limit;
  return (
    <figure className="block">
      <figcaption id={captionId}>
        <span>
          <span className="unseen">{label}: </span>
          {size}
        </span>
        <button type="button" className="plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Fold' : 'Unfold'}
          <span className="unseen"> {label}</span>
        </button>
      </figcaption>
      <div className={isOpen ? 'lines open' : 'lines'} tabIndex={0} role="region" aria-labelledby={captionId}>
        {chunks.map((chunk, index) => (
          <div className={chunks.length > EAGER_CHUNKS ? 'chunk lazy' : 'chunk'} key={index}>
            {chunk.map((line, at) => (
              <Line key={at} number={index * CHUNK + at + 1} pieces={line} />
            ))}
          </div>
        ))}
        {left > 0 && (
          <button type="button" className="more" onClick={() => setLimit(limit + LINES_AT_ONCE)}>
            {`Show more: ${left} lines are not shown yet`}
          </button>
        )}
      </div>
    </figure>
  );
}

const CHUNK = 100;
/** Up to here everything is laid out at once. */
const EAGER_CHUNKS = 25;

function toChunks(lines: readonly Piece[][]): readonly Piece[][][] {
  return Array.from({ length: Math.ceil(lines.length / CHUNK) }, (_, index) =>
    lines.slice(index * CHUNK, (index + 1) * CHUNK),
  );
}

function Line({ number, pieces }: { readonly number: number; readonly pieces: readonly Piece[] }): ReactNode {
  return (
    <div className="line">
      <span className="number" data-number={number} aria-hidden="true" />
      <code>
        <Pieces pieces={pieces} />
        {'\n'}
      </code>
    </div>
  );
}

function toLines(pieces: readonly Piece[]): Piece[][] {
  const lines: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.disguise !== undefined) {
      lines.at(-1)?.push(piece);
      continue;
    }
    piece.text.split('\n').forEach((part, index) => {
      if (index > 0) lines.push([]);
      for (let at = 0; at < part.length; at += PART) lines.at(-1)?.push({ text: part.slice(at, at + PART) });
    });
  }
  return lines;
}
