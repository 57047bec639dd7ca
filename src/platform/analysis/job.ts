import type { Json, JsonObject } from '../../kernel/json.ts';
import type { InspectRequest } from '../inspect/model.ts';

export const PARSE_FORMATS = ['csv', 'json', 'jsonl', 'xml'] as const;
export type ParseFormat = (typeof PARSE_FORMATS)[number];

export const FORMATS = ['csv', 'json', 'jsonl', 'markdown', 'html'] as const;
export type Format = (typeof FORMATS)[number];

/** What the analysis child can be asked. Each answers with a JSON object. */
export type AnalysisJob =
  /** -> `{rows}` or `{value}`, both for a list in xml. */
  | { readonly kind: 'parse'; readonly format: ParseFormat; readonly text: string }
  /** JSONata -> `{result}`. */
  | { readonly kind: 'transform'; readonly input: Json; readonly expression: string }
  /** -> `{text}`. */
  | { readonly kind: 'format'; readonly format: Format; readonly value: Json }
  /** -> `InspectAnswer`. */
  | { readonly kind: 'inspect'; readonly request: InspectRequest };

/** To the child: the job as JSON text, so that nothing but data crosses. */
export interface JobMessage {
  readonly id: number;
  readonly job: string;
  readonly timeoutMs: number;
}

export const JOB_ERRORS = ['invalid_input', 'expression_error', 'analysis_failed', 'too_large'] as const;
export type JobErrorCode = (typeof JOB_ERRORS)[number];

/** From the child: the answer as JSON text, or what was wrong. */
export type AnswerMessage =
  | { readonly id: number; readonly output: string }
  | {
      readonly id: number;
      readonly error: { readonly code: JobErrorCode; readonly message: string; readonly details?: JsonObject };
    };
