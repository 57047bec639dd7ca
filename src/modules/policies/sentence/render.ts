import { not, allOf, anyOf } from './cel.ts';
import { toActionCel } from './action-cel.ts';
import { kindsIn } from './segments.ts';
import {
  FACETS,
  isTransform,
  type Cel,
  type Draft,
  type Effect,
  type Facet,
  type Kind,
  type Op,
  type Parts,
  type Scene,
  type Value,
} from './parts.ts';

function toScene({ parts, effect }: Draft): Scene {
  return {
    kinds: kindsIn(parts),
    ops: opsIn(parts),
    isTransform: isTransform(effect),
  };
}

function resolve(cel: Cel, scene: Scene): string {
  return typeof cel === 'string' ? cel : cel(scene);
}

function opsIn(parts: Parts): Op[] {
  return (parts.get('op') ?? []).flatMap(({ op }) => (op === undefined ? [] : [op]));
}

/** An exception that only names a verb is about the family of its rule. */
function toActionPart(parts: Parts, frame: readonly Kind[] = []): string {
  const [ops, kinds] = [opsIn(parts), kindsIn(parts)];
  return toActionCel(ops, ops.length > 0 && kinds.length === 0 ? frame : kinds);
}

const rest = FACETS.filter((facet) => facet !== 'op' && facet !== 'kind');

/** The condition of a rule: every part, and none of the exceptions. */
export function toCondition(draft: Draft): string {
  const scene = toScene(draft);
  const toSome = (values: readonly Value[]) => anyOf(...values.map(({ some }) => resolve(some, scene)));
  const toAll = (values: readonly Value[]) => {
    const listed = toCommonList(values);
    return listed ?? anyOf(...values.map(({ some, all }) => resolve(all ?? some, scene)));
  };
  const places = draft.parts.get('path') ?? [];
  const inPrograms = scene.kinds.every((kind) => kind === 'file')
    ? anyOf(...places.map((value) => value.inPrograms ?? ''))
    : '';
  const wanted = rest.filter((facet) => facet !== 'path').map((facet) => toSome(draft.parts.get(facet) ?? []));
  const placed = anyOf(allOf(toActionPart(draft.parts), toSome(places)), inPrograms);
  const unwanted = draft.except.map((group) => {
    const inner = { ...scene, ...toInner(group) };
    return not(
      allOf(
        toActionPart(group, scene.kinds),
        ...rest.map((facet) =>
          toAll((group.get(facet) ?? []).map((value) => ({ ...value, some: resolve(value.some, inner) }))),
        ),
      ),
    );
  });
  return allOf(placed, ...wanted, ...unwanted);
}

function toInner(group: Parts): Partial<Scene> {
  return group.has('kind') ? { kinds: kindsIn(group) } : {};
}

const LISTED = /^(.*\.all\(x, )(.*)\)$/;

/** "Nothing but A or B" is one list of A and B, not "nothing but A, or nothing but B". */
function toCommonList(values: readonly Value[]): string | undefined {
  if (values.length < 2) return undefined;
  const parts = values.map(({ all }) => (typeof all === 'string' ? LISTED.exec(all) : null));
  const [head] = parts;
  if (head?.[1] === undefined || parts.some((part) => part?.[1] !== head[1])) return undefined;
  return `${head[1]}${parts.map((part) => part?.[2] ?? '').join(' || ')})`;
}

const PLURAL = new Set<Facet>(['op', 'kind']);

function say(values: readonly Value[]): string {
  return values.map(({ text }) => text).join(' or ');
}

function sayParts(parts: Parts): string {
  const kinds = parts.get('kind') ?? [];
  const data = parts.get('data') ?? [];
  const head = [say(parts.get('op') ?? []), say(kinds)].filter((text) => text !== '').join(' ');
  const others = FACETS.filter((facet) => !PLURAL.has(facet) && facet !== 'data').map((facet) =>
    say(parts.get(facet) ?? []),
  );
  const middle = data.length === 0 ? '' : `${kinds.length > 0 ? 'with ' : ''}${say(data)}`;
  return [head, middle, ...others].filter((text) => text !== '').join(' ');
}

function sayEffect({ kind, quorum, groups = [], isCritical, isWarning }: Effect): string {
  const critical = isCritical === true ? ' as critical' : '';
  switch (kind) {
    case 'deny':
      return `Deny${critical}`;
    case 'require_approval': {
      const people = quorum === undefined ? '' : ` by ${quorum} people`;
      const teams = groups.map((group) => ` by the \`${group}\` team`).join('');
      return `Require approval${people}${teams}${critical} for`;
    }
    case 'log':
      return isWarning === true ? 'Warn about' : `Log${critical}`;
    case 'allow':
      return 'Allow';
    case 'drop':
      return 'Strip';
    default:
      return `${kind[0]?.toUpperCase() ?? ''}${kind.slice(1)}${critical}`;
  }
}

const QUALIFIER =
  /^(?:to|in|on|with|without|under|out|at|for|by|from|of|between|after|before|during|outside|whose|called|over|touching|costing|spending|more|less|up|that)\b/;

/** One sentence for a rule. Read again, it gives the same rule. */
export function toSentence({ effect, parts, except }: Draft): string {
  const said = sayParts(parts);
  const what = said === '' || QUALIFIER.test(said) ? `any action ${said}`.trim() : said;
  return `${sayEffect(effect)} ${what}${except.map((group) => `, except ${sayParts(group)}`).join('')}.`;
}
