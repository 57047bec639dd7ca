import { describe, expect, it } from '@jest/globals';
import { inspect } from './inspect.ts';

describe('inspect', () => {
  it('adds what a statement does and what its columns and tables stand for', async () => {
    const text = 'SELECT u.card_number, u.note FROM credit_cards u JOIN patients p ON p.id = u.id';
    const answer = await inspect({ value: { sql: text }, sql: { text, dialect: 'postgres' } });
    expect(answer).toMatchObject({ sql: { parsed: true, operations: ['select'] }, errors: [] });
    expect(answer.fieldClasses).toEqual(['payment_card', 'health']);
    expect(answer.fields).toEqual(expect.arrayContaining(['card_number', 'note']));
    expect(answer.shell).toBeUndefined();
  });

  it('adds what a program would do', async () => {
    const answer = await inspect({
      value: { code: 'rm -rf /data' },
      code: { source: 'rm -rf /data', language: 'shell' },
    });
    expect(answer).toMatchObject({ shell: { parsed: true, destructive: true }, errors: [] });
    expect(answer.sql).toBeUndefined();
  });

  it('scans the texts of a statement and of a program too', async () => {
    const text = "UPDATE t SET note = 'ssn 123-45-6789' WHERE id = 1";
    const answer = await inspect({ value: { sql: text }, sql: { text, dialect: 'unknown' } });
    expect(answer.findings).toMatchObject([{ class: 'national_id', path: ['sql'] }]);
  });

  it('takes what cannot be parsed for doing everything', async () => {
    const answer = await inspect({ value: {}, sql: { text: 'SELEKT garbage ((', dialect: 'postgres' } });
    expect(answer.sql).toMatchObject({ parsed: false, mutating: true, opaque: true });
  });

  it('says which analyser failed, without content, and takes the worst for its answer', async () => {
    const broken = null as unknown as string;
    const answer = await inspect({
      value: { note: 'ssn 123-45-6789' },
      sql: { text: broken, dialect: 'postgres' },
      code: { source: broken, language: 'shell' },
    });
    expect(answer).toMatchObject({
      findings: [{ class: 'national_id' }],
      sql: { parsed: false },
      shell: { parsed: false },
      errors: ['sql: TypeError', 'shell: TypeError'],
    });
  });
});
