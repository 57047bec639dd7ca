import { DATA_CLASSES } from '../../kernel/policy/data-classes.ts';
import { classifyName } from './field-names.ts';
import { type InspectAnswer, type InspectRequest, type SqlReading, UNREAD_SHELL, UNREAD_SQL } from './model.ts';
import { scanValue } from './scan.ts';

const MAX_FIELDS = 200;

/** Runs one analyser; that it failed is an answer too, and never a silence. */
async function attempt<T>(errors: string[], name: string, unread: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    errors.push(`${name}: ${error instanceof Error ? error.name : 'failed'}`);
    return unread;
  }
}

function withNames(answer: InspectAnswer, sql: SqlReading): InspectAnswer {
  const names = [...sql.columns, ...sql.tables];
  const classes = new Set([...answer.fieldClasses, ...names.map(classifyName)]);
  return {
    ...answer,
    fieldClasses: DATA_CLASSES.filter((each) => classes.has(each)),
    fields: [...new Set([...answer.fields, ...sql.columns])].slice(0, MAX_FIELDS),
  };
}

/** Reads what an action or its result holds. Parsers are loaded only when there is something for them. */
export async function inspect(request: InspectRequest): Promise<InspectAnswer> {
  const errors: string[] = [];
  const { sql: statement, code } = request;
  let answer = scanValue(request.value);
  if (statement !== undefined) {
    const sql = await attempt(errors, 'sql', UNREAD_SQL, async () => {
      const { readSql } = await import('./sql/read-sql.ts');
      return readSql(statement.text, statement.dialect);
    });
    answer = { ...withNames(answer, sql), sql };
  }
  if (code !== undefined) {
    const shell = await attempt(errors, 'shell', UNREAD_SHELL, async () => {
      const { readCode } = await import('./shell/read-code.ts');
      return readCode(code.source, code.language);
    });
    answer = { ...answer, shell };
  }
  return { ...answer, errors: [...answer.errors, ...errors] };
}
