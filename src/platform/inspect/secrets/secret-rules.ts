import { CLOUD_RULES } from './rules-cloud.ts';
import { CODE_RULES } from './rules-code.ts';
import { GENERAL_RULES } from './rules-general.ts';
import { SERVICE_RULES } from './rules-services.ts';
import type { SecretRule } from './rule.ts';

/** Every published shape, the more specific before the more general: where two overlap, the first names the finding. */
export const SECRET_RULES: readonly SecretRule[] = [...CLOUD_RULES, ...CODE_RULES, ...SERVICE_RULES, ...GENERAL_RULES];
