import type { Caller } from '../../kernel/caller.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Decision, Effect } from '../../kernel/policy/model.ts';
import { EFFECTS } from '../../kernel/policy/model.ts';
import type { Step } from '../../kernel/run/model.ts';
import type { Scope } from '../../platform/cel/expression.ts';
import { compileTemplate, render } from '../../platform/cel/template.ts';
import { UNKNOWN, type ScopeValue } from '../../platform/cel/values.ts';
import { AppError } from '../../platform/errors/index.ts';
import {
  CATALOGUE,
  validateSteps,
  type ActionPreview,
  type ActionsService,
  type PreviewRequest,
} from '../actions/index.ts';
import type { AgentVersion } from '../agents/index.ts';
import { isWanted, toItems } from './execute-step.ts';
import { toProvenances, type Provenance, type Session } from './provenance.ts';

/** Items of a `forEach` that a dry run looks at. */
const MAX_DRY_ITEMS = 100;

export interface DryRunInput {
  readonly now: Date;
  readonly input?: Json;
  /** Outputs by step name that take the place of what is not executed. */
  readonly outputs: { readonly [step: string]: Json };
  /** Stand for connections that are not there, by name. */
  readonly connections: PreviewRequest['connections'] & object;
  /** Set: the steps are calls that an assistant chose, in a session that began with a user's words. */
  readonly session?: Session;
}

export interface DryRun {
  readonly steps: readonly { readonly name: string; readonly action: string; readonly decision: Decision }[];
  /** What is certain to go wrong when it runs. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  /** What the run would have changed; nothing was. */
  readonly sideEffects: readonly {
    readonly step: string;
    readonly action: string;
    readonly where: 'local' | 'outside';
  }[];
  readonly costUsd: number;
}

/** Decides every step, also after a denied one, with what is known; nothing is written, only local reads and data steps are carried out. */
export async function dryRun(
  actions: ActionsService,
  caller: Caller,
  agent: AgentVersion,
  given: DryRunInput,
): Promise<DryRun> {
  const dry = new DryExecution(actions, caller, agent, given);
  const provenances = toProvenances(agent.definition.steps, 'test');
  for (const [position, step] of agent.definition.steps.entries()) await dry.step(step, provenances[position]);
  return dry;
}

class DryExecution implements DryRun {
  readonly steps: { name: string; action: string; decision: Decision }[] = [];
  readonly problems: string[] = [];
  readonly warnings: string[] = [];
  readonly sideEffects: { step: string; action: string; where: 'local' | 'outside' }[] = [];
  costUsd = 0;
  readonly #outputs: Record<string, { output: ScopeValue }> = {};
  /** Of the step that is looked at. */
  #provenance: Provenance | undefined;

  readonly #actions: ActionsService;
  readonly #caller: Caller;
  readonly #agent: AgentVersion;
  readonly #given: DryRunInput;

  constructor(actions: ActionsService, caller: Caller, agent: AgentVersion, given: DryRunInput) {
    this.#actions = actions;
    this.#caller = caller;
    this.#agent = agent;
    this.#given = given;
  }

  async step(step: Step, provenance: Provenance | undefined): Promise<void> {
    this.#provenance = provenance;
    const isSkipped = this.#isSkipped(step);
    const items = this.#items(step);
    const outputs: ScopeValue[] = [];
    let decision: Decision | undefined;
    for (const [index, item] of items.entries()) {
      const scope: Scope = step.forEach === undefined ? this.#scope() : { ...this.#scope(), item, index };
      const preview = await this.#preview(step, scope, isSkipped, this.#mock(step, index));
      decision = decision === undefined ? preview.decision : toStronger(decision, preview.decision);
      outputs.push(preview.output ?? UNKNOWN);
    }
    decision ??= (await this.#preview(step, { ...this.#scope(), item: UNKNOWN, index: UNKNOWN }, true)).decision;
    this.steps.push({ name: step.name, action: step.action, decision });
    const output = this.#output(step, outputs, isSkipped, decision);
    this.#outputs[step.name] = { output };
    if (isLetThrough(decision) && output !== UNKNOWN) this.#given.session?.learn(step.name, toKnown(output));
  }

  /** What stands for the result of one item, as an object. */
  #mock(step: Step, index: number): JsonObject | undefined {
    const given = this.#given.outputs[step.name];
    const one = step.forEach !== undefined && Array.isArray(given) ? given[index] : given;
    return one === undefined ? undefined : isObject(one) ? one : { value: one };
  }

  #scope(): Required<Omit<Scope, 'item' | 'index'>> {
    const { agent, version } = this.#agent;
    return {
      input: this.#given.input ?? UNKNOWN,
      steps: this.#outputs,
      run: { id: 'dry-run', trigger: 'test', startedAt: this.#given.now.toISOString(), scheduledFor: null },
      agent: { id: agent.id, name: agent.name, version },
    };
  }

  #isSkipped(step: Step): boolean {
    const { when } = step;
    if (when === undefined) return false;
    const isWantedNow = this.#try(step, 'when', () => isWanted(when, this.#scope()));
    if (isWantedNow === false) this.warnings.push(`\`${step.name}\` is skipped with this data: its \`when\` is false.`);
    return isWantedNow === false;
  }

  /** The items to look at; one unknown item when they cannot be known. */
  #items(step: Step): readonly ScopeValue[] {
    const { forEach } = step;
    if (forEach === undefined) return [null];
    const items = this.#try(step, 'forEach', () => toItems(forEach, this.#scope()));
    if (items === undefined) return [UNKNOWN];
    if (items.length > MAX_DRY_ITEMS) {
      this.warnings.push(`\`${step.name}\` has ${items.length} items; the first ${MAX_DRY_ITEMS} were looked at.`);
    }
    return items.slice(0, MAX_DRY_ITEMS);
  }

  /** Undefined when it is not known yet, or wrong; both are said. */
  #try<T>(step: Step, part: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const source = error.details?.['expression'];
      if (error.details?.['unknown'] === true && typeof source === 'string') this.#warnUnknown(step, source);
      else this.problems.push(`\`${step.name}\` ${part}: ${error.message}`);
      return undefined;
    }
  }

  #warnUnknown(step: Step, source: string): void {
    const warning = `\`${step.name}\`: \`${source}\` is known only when it runs, and is decided again then. mockData can stand in for it.`;
    if (!this.warnings.includes(warning)) this.warnings.push(warning);
  }

  async #preview(step: Step, scope: Scope, isSkipped: boolean, mock?: JsonObject): Promise<ActionPreview> {
    const { params, facts, isKnown } = this.#render(step, scope, isSkipped);
    const { session, connections } = this.#given;
    const provenance = session?.toProvenance(step.action, params) ?? this.#provenance;
    const preview = await this.#actions.preview(this.#caller, {
      agentId: this.#agent.agent.id,
      version: this.#agent.version,
      definition: this.#agent.definition,
      type: step.action,
      params,
      facts,
      trigger: 'test',
      connections,
      ...(provenance === undefined ? {} : { provenance }),
      ...(session === undefined ? {} : { isNamed: (name: string) => session.names(name) }),
      ...(mock === undefined ? {} : { output: mock }),
      ...(step.timeoutMs === undefined ? {} : { timeoutMs: step.timeoutMs }),
    });
    const entry = CATALOGUE.get(step.action);
    if (isSkipped) return preview;
    if (preview.paramsError !== undefined && isKnown) this.#addParamsError(step, preview.paramsError);
    if (preview.error !== undefined && isKnown) this.#addError(step, preview.error);
    this.costUsd += entry?.costUsd ?? 0;
    if (preview.decision.effect !== 'deny') this.#addSideEffect(step, entry?.sideEffect(params) ?? 'outside');
    return isKnown || mock !== undefined ? preview : { decision: preview.decision };
  }

  /** Once for a step, however many items it has. */
  #addSideEffect({ name, action }: Step, where: 'none' | 'local' | 'outside'): void {
    if (where === 'none' || this.sideEffects.some((known) => known.step === name && known.where === where)) return;
    this.sideEffects.push({ step: name, action, where });
  }

  /** What is wrong with the steps as they are written is said by their own check. */
  #addParamsError(step: Step, error: string): void {
    const isSaid = validateSteps([{ ...step, name: 'step' }]).some(({ path }) => path.startsWith('steps[0].params.'));
    const problem = `\`${step.name}\`: ${error}`;
    if (!isSaid && !this.problems.includes(problem)) this.problems.push(problem);
  }

  /** A file may be there when the run comes; an expression that is wrong stays wrong. */
  #addError(step: Step, error: string): void {
    if (CATALOGUE.get(step.action)?.kind !== 'file') this.problems.push(`\`${step.name}\`: ${error}`);
    else if (this.#given.outputs[step.name] === undefined)
      this.warnings.push(`\`${step.name}\` would fail now: ${error}`);
  }

  #render(step: Step, scope: Scope, isSkipped: boolean): { params: JsonObject; facts: JsonObject; isKnown: boolean } {
    let isKnown = true;
    const fill = (value: JsonObject): JsonObject =>
      render(compileTemplate(value), scope, (path, source, isWhole) => {
        isKnown = false;
        if (!isSkipped) this.#warnUnknown(step, source);
        return isWhole && path.at(-1) === 'url' ? 'https://unknown.invalid/' : 'unknown';
      }) as JsonObject;
    try {
      return { params: fill(step.params), facts: fill(step.facts ?? {}), isKnown };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (!isSkipped) this.problems.push(`\`${step.name}\`: ${error.message}`);
      return { params: step.params, facts: {}, isKnown: false };
    }
  }

  /** What later steps see: a given output as it was judged, and as it was given where its own step is refused. */
  #output(step: Step, outputs: readonly ScopeValue[], isSkipped: boolean, decision: Decision): ScopeValue {
    if (isSkipped) return null;
    const given = this.#given.outputs[step.name];
    if (given === undefined) return step.forEach === undefined ? (outputs[0] ?? UNKNOWN) : outputs;
    const isWhole = isLetThrough(decision) && outputs.every((output) => output !== UNKNOWN);
    if (!isWhole) return given;
    if (step.forEach !== undefined) return Array.isArray(given) ? outputs : given;
    const [output] = outputs;
    return isObject(given) ? (output ?? given) : (((output as JsonObject | undefined) ?? {})['value'] ?? given);
  }
}

function isLetThrough({ effect }: Decision): boolean {
  return effect === 'allow' || effect === 'transform';
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The parts of an output that are known. */
function toKnown(value: ScopeValue): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json;
}

function toStronger(left: Decision, right: Decision): Decision {
  const rank = (effect: Effect): number => EFFECTS.indexOf(effect);
  return rank(right.effect) < rank(left.effect) ? right : left;
}
