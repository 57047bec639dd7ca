export { AppError } from './app-error.ts';
export { ERRORS, type ErrorCode } from './registry.ts';
export { SendFailure, type SendFailureKind } from './send-failure.ts';
export { StartError } from './start-error.ts';
export { hint, suggest } from './suggest.ts';
