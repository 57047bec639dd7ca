import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../kernel/json.ts';
import { decide, findTransforms } from '../../kernel/policy/decide.ts';
import type { Facts, StateFacts } from '../../kernel/policy/facts.ts';
import {
  EFFECTS,
  type CarriedOut,
  type CompiledPolicy,
  type Decision,
  type Redaction,
} from '../../kernel/policy/model.ts';
import { applyTransforms } from '../../kernel/redaction/apply-transforms.ts';
import { Config } from '../../platform/config/index.ts';
import { Inspection, type InspectAnswer } from '../../platform/inspect/index.ts';
import { toAnalysisFacts, toContent, toDataFacts, toFixed, toPrograms } from './facts/content-facts.ts';
import { isForDataSubject } from './facts/data-subject.ts';
import { looksAtContent, toOutputPolicies } from './needs.ts';
import type { Subject } from './subject.ts';
import { toFacts } from './to-facts.ts';

/** Times that a content is changed and looked at again before the action is refused. */
const MAX_ROUNDS = 2;

/** An action as it would be carried out, and everything that a decision needs but what is counted in the database. */
export interface PreparedSubject {
  /** Changed where a transform was carried out. */
  readonly params: JsonObject;
  /** With neutral state. */
  readonly facts: Facts;
  /** The facts before any transform, where one was carried out. */
  readonly asked?: Facts;
  readonly carriedOut: readonly CarriedOut[];
  readonly redactions: readonly Redaction[];
}

type Judged = Pick<PreparedSubject, 'facts' | 'asked' | 'carriedOut' | 'redactions'>;

export interface OutputJudgement {
  /** deny: the result is withheld. */
  readonly effect: 'allow' | 'transform' | 'deny';
  /** The decision about the action, joined with what its result added. */
  readonly decision: Decision;
  /** Absent when withheld. */
  readonly output?: JsonObject;
}

interface Round {
  readonly value: JsonObject;
  readonly facts: Facts;
  readonly answer: InspectAnswer;
}

/** Makes the facts of an action, and the decision about it. */
@Injectable()
export class DecisionService {
  readonly #config: Config;
  readonly #inspection: Inspection;

  constructor(config: Config, inspection: Inspection) {
    this.#config = config;
    this.#inspection = inspection;
  }

  /** The same, for few actions that are prepared again and again: what was read in a content is remembered. */
  withMemory(): DecisionService {
    return new DecisionService(this.#config, this.#inspection.withMemory());
  }

  /** Runs parsers and detectors and carries out the transforms that the policies ask for; nothing is decided yet. */
  async prepare(policies: readonly CompiledPolicy[], subject: Subject): Promise<PreparedSubject> {
    const done = await this.#settle(policies, subject.params, {
      read: (params) => this.#readParams(policies, { ...subject, params }),
      fixed: toFixed(subject.type),
      root: 'params',
    });
    const { value: params, facts, asked, carriedOut, redactions } = done;
    return { params, facts, carriedOut, redactions, ...(asked === undefined ? {} : { asked }) };
  }

  decide(policies: readonly CompiledPolicy[], judged: Judged, state: StateFacts): Decision {
    const { facts, asked, carriedOut, redactions } = judged;
    const mode = this.#config.policyMode;
    const before = asked === undefined ? {} : { asked: { ...asked, ...toState(state) } };
    return decide({ policies, facts: { ...facts, ...toState(state) }, mode, carriedOut, redactions, ...before });
  }

  /** Judges what came out, by the rules that look at content: a denial withholds it, a transform changes it. */
  async judgeOutput(
    policies: readonly CompiledPolicy[],
    prepared: Judged & { readonly decision: Decision },
    output: JsonObject,
  ): Promise<OutputJudgement> {
    const { decision } = prepared;
    const judging = toOutputPolicies(policies, prepared.facts);
    if (judging.length === 0) return { effect: 'allow', decision, output };
    const done = await this.#settle(judging, output, {
      read: (value) => this.#readOutput(prepared.facts, value),
      fixed: [],
      root: 'output',
    });
    const added = this.decide(judging, done, done.facts);
    const joined = join(decision, added);
    if (added.effect === 'deny' || added.effect === 'require_approval') return { effect: 'deny', decision: joined };
    return { effect: done.redactions.length > 0 ? 'transform' : 'allow', decision: joined, output: done.value };
  }

  async #readParams(policies: readonly CompiledPolicy[], subject: Subject): Promise<Round> {
    const { params } = subject;
    const isWanted = looksAtContent(policies, subject.kind);
    const answer = await this.#inspection.inspect({
      value: isWanted ? toContent(subject) : null,
      ...toPrograms(subject),
    });
    const { url } = params;
    const facts = await toFacts(
      typeof url === 'string' && subject.url !== undefined ? { ...subject, url } : subject,
      answer,
      this.#config,
    );
    const dataSubjectOnly = isForDataSubject(facts, params, answer.findings);
    return { value: params, answer, facts: { ...facts, recipients: { ...facts.recipients, dataSubjectOnly } } };
  }

  async #readOutput(before: Facts, output: JsonObject): Promise<Round> {
    const answer = await this.#inspection.inspect({ value: output });
    const { costUsd } = output;
    const actualMicros = typeof costUsd === 'number' ? Math.round(costUsd * 1_000_000) : -1;
    const facts: Facts = {
      ...before,
      // What comes in goes nowhere yet.
      action: { ...before.action, phase: 'after', external: false },
      ...toDataFacts(answer),
      records: { count: answer.records, known: true },
      cost: { ...before.cost, actualMicros },
      analysis: toAnalysisFacts(answer),
    };
    return { value: output, answer, facts };
  }

  /** INVARIANT: a transform counts as carried out only when the content it left gives it nothing more to do. */
  async #settle(
    policies: readonly CompiledPolicy[],
    top: JsonObject,
    how: {
      readonly read: (value: JsonObject) => Promise<Round>;
      readonly fixed: readonly string[];
      readonly root: string;
    },
  ): Promise<PreparedSubject & { readonly value: JsonObject }> {
    const mode = this.#config.policyMode;
    const redactions: Redaction[] = [];
    const owed = new Map<string, CarriedOut>();
    let asked: Facts | undefined;
    for (let round = 0, value = top; ; round++) {
      const { facts, answer } = await how.read(value);
      const transforms = findTransforms({ policies, facts, mode });
      const open: CarriedOut[] = [];
      const changed = applyTransforms({
        value,
        transforms: transforms.flatMap(({ rule }) => (rule.transform === undefined ? [] : [rule.transform])),
        findings: answer.findings,
        fixed: how.fixed,
        root: how.root,
      });
      for (const { policy, rule } of transforms) {
        const each = { policy, rule: rule.name };
        const hasNothingToDo = !changed.isChanged && rule.transform?.classes === undefined && isByForm(rule.transform);
        if (!hasNothingToDo) open.push(each);
        owed.set(`${policy}.${rule.name}`, each);
      }
      if (!changed.isChanged || round === MAX_ROUNDS) {
        const carriedOut = [...owed.values()].filter(
          (each) => !open.some((left) => left.policy === each.policy && left.rule === each.rule),
        );
        return {
          value,
          params: value,
          facts,
          carriedOut,
          redactions: merge(redactions),
          ...(asked === undefined ? {} : { asked }),
        };
      }
      redactions.push(...changed.redactions);
      asked ??= facts;
      value = changed.value;
    }
  }
}

/** Transforms that are fulfilled when they find nothing to change: they speak of the form, not of what was found. */
function isByForm(transform: { readonly kind: string; readonly fields?: readonly string[] } | undefined): boolean {
  return transform !== undefined && (transform.fields !== undefined || ['truncate', 'strip'].includes(transform.kind));
}

/** Only what is counted: a record of all facts may be given. */
function toState({ rate, budget, first }: StateFacts): StateFacts {
  return { rate, budget, first };
}

function merge(redactions: readonly Redaction[]): Redaction[] {
  const merged = new Map<string, Redaction>();
  for (const each of redactions) {
    const id = `${each.path}\0${each.class}`;
    merged.set(id, { ...each, count: each.count + (merged.get(id)?.count ?? 0) });
  }
  return [...merged.values()];
}

function stronger(left: Decision['effect'], right: Decision['effect']): Decision['effect'] {
  return EFFECTS.indexOf(left) <= EFFECTS.indexOf(right) ? left : right;
}

/** INVARIANT: what a result adds never weakens what was decided; a result that would need an approval is withheld. */
function join(decided: Decision, added: Decision): Decision {
  const withheld = (effect: Decision['effect']): Decision['effect'] =>
    effect === 'require_approval' ? 'deny' : effect;
  return {
    ...decided,
    effect: stronger(decided.effect, withheld(added.effect)),
    violations: [...added.violations, ...decided.violations],
    warnings: [...decided.warnings, ...added.warnings],
    redactions: [...decided.redactions, ...added.redactions],
    strictEffect: stronger(decided.strictEffect, withheld(added.strictEffect)),
  };
}
