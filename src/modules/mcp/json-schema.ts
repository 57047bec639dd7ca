import { z } from 'zod';

/** As a client may send or receive it: defaults are optional, and what is not named is allowed unless the schema is strict. */
export function toSchema(schema: z.ZodType): object {
  const body = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      delete jsonSchema.propertyNames;
    },
  });
  delete body.$schema;
  return body;
}
