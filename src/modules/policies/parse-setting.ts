import { cutText } from '../../kernel/json.ts';
import type { ParameterValue } from '../../kernel/policy/model.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import { TEMPLATES } from './built-in.ts';
import { checkParameter, refuseUnknown, type Open } from './parameters.ts';
import type { Parameter } from './policy-template.ts';

/** A setting such as `rate-limiting.httpPerMinute=50`, as a command line gives it; an empty value takes one away. */
export function parseSetting(
  text: string,
  policies: readonly Open[] = TEMPLATES,
): { readonly policy: string; readonly name: string; readonly value: ParameterValue | undefined } {
  const [, id = '', name = '', raw = ''] = /^([\w-]+)\.(\w+)=(.*)$/s.exec(text) ?? [];
  if (id === '')
    throw new AppError(
      'invalid_input',
      `\`${cutText(text, 80)}\` is no setting. Write one such as \`rate-limiting.httpPerMinute=50\`.`,
    );
  const policy = policies.find((each) => each.id === id);
  if (policy === undefined) {
    const ids = policies.filter(({ parameters }) => Object.keys(parameters).length > 0).map((each) => each.id);
    throw new AppError('invalid_input', `No policy has the id \`${id}\`. ${hint(id, ids)}`);
  }
  const parameter = Object.hasOwn(policy.parameters, name) ? policy.parameters[name] : undefined;
  if (parameter === undefined) throw refuseUnknown(name, [policy], [], id);
  if (raw === '') return { policy: id, name, value: undefined };
  return { policy: id, name, value: checkParameter(toValue(raw, parameter.type), parameter, `${id}.${name}`) };
}

function toValue(text: string, type: Parameter['type']): unknown {
  switch (type) {
    case 'int':
    case 'usd':
      return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'text':
      return text;
    case 'texts':
      return text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
  }
}
