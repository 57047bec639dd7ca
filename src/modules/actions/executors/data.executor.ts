import { Injectable } from '@nestjs/common';
import type { Json, JsonObject } from '../../../kernel/json.ts';
import { Analysis, type AnalysisJob } from '../../../platform/analysis/index.ts';
import { DataFormatParams, DataParseParams, DataTransformParams } from '../catalogue-local.ts';
import { Executor, type ExecutionContext } from '../executor.ts';
import type { Permit } from '../permit.ts';

const JOBS = {
  'data.parse': (params) => ({ kind: 'parse', ...DataParseParams.parse(params) }),
  'data.transform': (params) => {
    const { input, expression } = DataTransformParams.parse(params);
    return { kind: 'transform', input: input as Json, expression };
  },
  'data.format': (params) => {
    const { format, value } = DataFormatParams.parse(params);
    return { kind: 'format', format, value: value as Json };
  },
} as const satisfies Record<string, (params: JsonObject) => AnalysisJob>;

/** Parses, transforms and formats in the analysis child, so that no data can hang or blow up the server. */
@Injectable()
export class DataExecutor extends Executor {
  override readonly types = Object.keys(JOBS);
  readonly #analysis: Analysis;

  constructor(analysis: Analysis) {
    super();
    this.#analysis = analysis;
  }

  async execute(permit: Permit, { signal }: ExecutionContext): Promise<JsonObject> {
    const { type, params } = permit.take();
    return this.#analysis.run(JOBS[type as keyof typeof JOBS](params), { signal });
  }
}
