import { memo, type ReactNode } from 'react';
import { type Disguise, type Piece, toEscape, toPieces } from './visible-text.ts';

export const DISGUISE_WORDS: Readonly<Record<Disguise, string>> = {
  direction: 'changes the direction of the text',
  unseen: 'invisible character',
  control: 'control character',
  space: 'unusual blank',
  'look-alike': 'looks like another character',
  unknown: 'character without a meaning of its own',
};

/** Text of others, never trusted: characters that could deceive are written as escapes. */
export const Shown = memo(function Shown({ text }: { readonly text: string }): ReactNode {
  return <Pieces pieces={toPieces(text)} />;
});

/** A sentence of ours: what it quotes in backticks stands apart. */
export function Sentence({ text }: { readonly text: string }): ReactNode {
  return text.split(/`([^`]+)`/).map((part, index) =>
    index % 2 === 0 ? (
      <Shown key={index} text={part} />
    ) : (
      <code key={index}>
        <Shown text={part} />
      </code>
    ),
  );
}

export function Pieces({ pieces }: { readonly pieces: readonly Piece[] }): ReactNode {
  return pieces.map(({ text, disguise }, index) =>
    disguise === undefined ? (
      text
    ) : (
      <mark key={index} className="escape" title={DISGUISE_WORDS[disguise]}>
        {toEscape(text)}
      </mark>
    ),
  );
}
