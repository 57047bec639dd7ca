/** Every code a caller can meet. `retry`: whether the same request may succeed later without change. */
export const ERRORS = {
  invalid_input: { status: 400, retry: false, level: 'info' },
  not_found: { status: 404, retry: false, level: 'info' },
  conflict: { status: 409, retry: false, level: 'info' },
  not_runnable: { status: 409, retry: false, level: 'info' },
  idempotency_conflict: { status: 409, retry: false, level: 'info' },
  not_tested: { status: 409, retry: false, level: 'info' },
  incomplete: { status: 409, retry: false, level: 'info' },
  expression_error: { status: 422, retry: false, level: 'info' },
  file_not_found: { status: 404, retry: false, level: 'info' },
  file_exists: { status: 409, retry: false, level: 'info' },
  file_error: { status: 422, retry: true, level: 'warn' },
  path_refused: { status: 403, retry: false, level: 'info' },
  too_large: { status: 413, retry: false, level: 'info' },
  storage_full: { status: 507, retry: true, level: 'error' },
  outbound_blocked: { status: 403, retry: false, level: 'info' },
  upstream_failed: { status: 502, retry: true, level: 'warn' },
  timeout: { status: 504, retry: true, level: 'warn' },
  analysis_failed: { status: 422, retry: false, level: 'warn' },
  cancelled: { status: 409, retry: false, level: 'info' },
  unavailable: { status: 503, retry: true, level: 'warn' },
  internal: { status: 500, retry: false, level: 'error' },
} as const satisfies Record<string, { status: number; retry: boolean; level: 'info' | 'warn' | 'error' }>;

export type ErrorCode = keyof typeof ERRORS;
