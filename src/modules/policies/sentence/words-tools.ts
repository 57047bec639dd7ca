import { quote } from './cel.ts';
import { named, type Entry } from './item.ts';
import { NAME, show, toName } from './name.ts';
import type { Value } from './parts.ts';

function toServer(name: string): Value {
  return {
    facet: 'tool',
    text: `of the server ${show(name.toLowerCase())}`,
    some: `tool.server == ${quote(name.toLowerCase())}`,
    family: 'tool',
  };
}

export function toTool(name: string): Value {
  return { facet: 'tool', text: `with the tool ${show(name)}`, some: `tool.name == ${quote(name)}`, family: 'tool' };
}

/** What vendors call a line of models, whatever stands before it. */
const FAMILY_NAME = /^(?:haiku|sonnet|opus|gemini|llama|mistral|claude|gpt|mini|nano)$/;

export function toModel(given: string): Value {
  const name = given.toLowerCase();
  return {
    facet: 'model',
    text: `with the model ${show(name)}`,
    some: FAMILY_NAME.test(name)
      ? `model.name.contains(${quote(name)})`
      : `model.name == ${quote(name)} || model.name.startsWith(${quote(`${name}-`)})`,
    family: 'model',
  };
}

function toVendor(name: string): Value {
  return {
    facet: 'model',
    text: `by the vendor ${show(name.toLowerCase())}`,
    some: `connection.kind == ${quote(name.toLowerCase())} || model.name.contains(${quote(name.toLowerCase() === 'openai' ? 'gpt' : 'claude')})`,
    family: 'model',
  };
}

function withName(make: (name: string) => Value) {
  return (given: string) => {
    const name = toName(given);
    return name === undefined ? undefined : make(name);
  };
}

export const MODEL_WORDS: readonly Entry[] = [
  named(
    '(?:with |to |using |of |by |from |via )?(?:the )?(?:models? )?(?:`|"|\')?((?:claude|gpt|o[134]|gemini|llama|mistral|haiku|sonnet|opus)[a-z0-9.-]{0,60}|(?:claude|gpt)-[a-z0-9.-]{1,60})(?:`|"|\')?(?: models?)?',
    toModelOf,
    { isPlace: true },
  ),
  named(`(?:with |to |using |of |by |via )?(?:the |a )?models? (?:called |named )?${NAME}`, withName(toModel), {
    isPlace: true,
  }),
  named(`(?:with |to |using |of |by |via )?(?:the )?${NAME} models?`, withName(toModel), { isPlace: true }),
  named(
    '(?:by |to |from |of |with |via |using )?(?:the )?(?:vendor )?`?(openai|anthropic)`?(?: models?| api)?',
    toVendor,
    { isPlace: true },
  ),
];

function toModelOf(given: string): Value {
  return toModel(given);
}

export const TOOL_WORDS: readonly Entry[] = [
  named(
    `(?:of |on |from |to |through |via |using |with )?(?:the |any |a )?(?:mcp |downstream )?servers? (?:called |named )?${NAME}`,
    withName(toServer),
    { isPlace: true },
  ),
  named(
    `(?:of |on |from |to |through |via |using |with )?(?:the |any |a )?${NAME} (?:mcp |downstream )?(?:servers?|mcp)`,
    withName(toServer),
    { isPlace: true },
  ),
  named(`(?:with |of |to |using |calls? to )?(?:the )?(?:mcp )?tools? (?:called |named )?${NAME}`, withName(toTool), {
    isPlace: true,
  }),
  named(`(?:with |of |to |using |calls? to )?(?:the )?(?:mcp )?tool (?:called |named )?${NAME}`, withName(toTool), {
    isPlace: true,
  }),
  named(
    `(?:with |of |to |using |calls? to )?(?:the )?${NAME} tools?`,
    withName((name) => (/[_`-]/.test(name) ? toTool(name) : toServer(name))),
    { isPlace: true },
  ),
];
