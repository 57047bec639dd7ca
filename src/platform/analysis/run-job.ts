import type { JsonObject } from '../../kernel/json.ts';
import type { AnalysisJob } from './job.ts';

/** Loads what a job needs only when it is asked for: most lives of the child see one kind. */
export async function runJob(job: AnalysisJob, timeoutMs: number): Promise<JsonObject> {
  switch (job.kind) {
    case 'parse': {
      const { parseText } = await import('./parse-text.ts');
      return parseText(job.format, job.text);
    }
    case 'transform': {
      const { transform } = await import('./transform.ts');
      return { result: await transform(job.input, job.expression, timeoutMs) };
    }
    case 'format': {
      const { formatValue } = await import('./format-value.ts');
      return { text: formatValue(job.format, job.value) };
    }
    case 'inspect': {
      const { inspect } = await import('../inspect/inspect.ts');
      return (await inspect(job.request)) as unknown as JsonObject;
    }
  }
}
