import type { DataClass } from '../../kernel/policy/data-classes.ts';
import { classifyName } from './field-names.ts';
import { isOtherThing } from './field-values.ts';
import type { Path } from './model.ts';
import { classifyNames } from './tables.ts';

/** One text or number in a value, or one of its keys. */
export interface Leaf {
  readonly text: string;
  readonly node: Node;
  /** The name it stands under, through lists. */
  readonly name: string;
  readonly class: DataClass | undefined;
  readonly isNumber: boolean;
}

export interface Node {
  readonly parent: Node | undefined;
  readonly key: string | number;
  readonly depth: number;
  readonly name: string;
  readonly class: DataClass | undefined;
  /** Belongs to one of many records. */
  readonly isInRow: boolean;
}

export interface Walk {
  readonly leaves: readonly Leaf[];
  readonly fields: ReadonlySet<string>;
  readonly classes: ReadonlySet<DataClass>;
  readonly records: number;
  readonly truncated: boolean;
  readonly unreadable: boolean;
}

const MAX_DEPTH = 500;
const MAX_NODES = 1_000_000;
/** Lists of more objects than this are tables. */
const FEW_ROWS = 16;
const MAX_FIELDS = 200;
const MAX_FIELD_NAME = 128;
/** Numbers from here on can be cards, accounts and ids. */
const MIN_NUMBER = 1e7;

/** Plain names hold nothing. */
const TELLING_KEY = /\d{3}|[@%&\\]|[^\x20-\x7e]|.{25}/;

export function pathOf(node: Node): Path {
  const path: (string | number)[] = [];
  for (let each: Node | undefined = node; each?.parent !== undefined; each = each.parent) path.push(each.key);
  return path.reverse();
}

/** Goes through any value without recursion: deep, cyclic, with getters that throw and keys such as `__proto__`. */
class Walker implements Walk {
  readonly leaves: Leaf[] = [];
  readonly fields = new Set<string>();
  readonly classes = new Set<DataClass>();
  records = 0;
  truncated = false;
  unreadable = false;
  private readonly telling = new Map<string, boolean>();
  private readonly seen = new Set<object>();
  private readonly open: [unknown, Node][] = [];
  private nodes = 0;

  walk(top: unknown): Walk {
    this.open.push([top, { parent: undefined, key: '', depth: 0, name: '', class: undefined, isInRow: false }]);
    for (let next = this.open.pop(); next !== undefined; next = this.open.pop()) {
      if (++this.nodes > MAX_NODES) {
        this.truncated = true;
        break;
      }
      this.visit(...next);
    }
    return this;
  }

  private visit(value: unknown, node: Node): void {
    // A key is as good a hiding place as a value.
    if (typeof node.key === 'string' && this.isTelling(node.key)) {
      this.leaves.push({ text: node.key, node, name: '', class: undefined, isNumber: false });
    }
    if (typeof value === 'string') this.addLeaf(value, node, false);
    else if (typeof value === 'bigint') this.addLeaf(String(value), node, true);
    else if (typeof value === 'number') {
      const isTelling = node.class !== undefined || Math.abs(value) >= MIN_NUMBER || /\.\d{4}/.test(String(value));
      if (isTelling) this.addLeaf(String(value), node, true);
    } else if (typeof value === 'object' && value !== null) this.tryEnter(value, node);
  }

  private tryEnter(value: object, node: Node): void {
    try {
      this.enter(value, node);
    } catch {
      // A getter or a proxy that throws.
      this.unreadable = true;
    }
  }

  private addLeaf(text: string, node: Node, isNumber: boolean): void {
    if (text !== '') this.leaves.push({ text, node, name: node.name, class: node.class, isNumber });
  }

  private enter(value: object, node: Node): void {
    if (this.seen.has(value) || node.depth >= MAX_DEPTH) {
      this.truncated = true;
      return;
    }
    this.seen.add(value);
    const isOpaque =
      ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Map || value instanceof Set;
    if (isOpaque) this.unreadable = true;
    else if (Array.isArray(value)) this.enterList(value, node);
    else this.enterObject(value, node);
  }

  private enterList(list: readonly unknown[], node: Node): void {
    const items = list.slice(0, MAX_NODES - this.nodes);
    if (items.length < list.length) this.truncated = true;
    const records = items.reduce<number>(
      (count, item) => count + (typeof item === 'object' && item !== null ? 1 : 0),
      0,
    );
    this.records = Math.max(this.records, records);
    const { name, class: dataClass } = node;
    const depth = node.depth + 1;
    const isInRow = node.isInRow || records > FEW_ROWS;
    for (let key = items.length - 1; key >= 0; key--) {
      this.open.push([items[key], { parent: node, key, depth, name, class: dataClass, isInRow }]);
    }
  }

  private enterObject(value: object, node: Node): void {
    const keys = Object.keys(value);
    const classes = classifyNames(keys);
    const values = keys.map((key) => (value as Readonly<Record<string, unknown>>)[key]);
    const { isInRow } = node;
    const depth = node.depth + 1;
    const children = keys.map((key, index): [unknown, Node] => {
      const named = classes[index] ?? (node.name === '' ? undefined : classifyName(`${node.name}_${key}`));
      const dataClass = named !== undefined && isOtherThing(named, values[index]) ? undefined : named;
      this.noteField(key, dataClass, values[index]);
      return [values[index], { parent: node, key, depth, name: key, class: dataClass, isInRow }];
    });
    for (const child of children.reverse()) this.open.push(child);
  }

  /** Objects of one list have the same keys: each is looked at once. */
  private isTelling(key: string): boolean {
    const known = this.telling.get(key);
    if (known !== undefined) return known;
    const isTelling = TELLING_KEY.test(key);
    this.telling.set(key, isTelling);
    return isTelling;
  }

  private noteField(name: string, dataClass: DataClass | undefined, value: unknown): void {
    if (this.fields.size < MAX_FIELDS && name.length <= MAX_FIELD_NAME) this.fields.add(name.toLowerCase());
    const isAdult = dataClass === 'child' && typeof value === 'number' && value >= 16;
    if (dataClass !== undefined && !isAdult) this.classes.add(dataClass);
  }
}

export function walkValue(value: unknown): Walk {
  return new Walker().walk(value);
}
