export const START_ERROR_CODES = [
  'bad_config',
  'port_busy',
  'auth_required',
  'data_dir_unwritable',
  'data_dir_not_enterable',
  'data_dir_foreign',
  'disk_full',
  'newer_version',
  'older_version',
  'no_embedded_database',
  'database_failed',
  'migration_edited',
  'migration_failed',
  'test_clock',
] as const;
export type StartErrorCode = (typeof START_ERROR_CODES)[number];

/** The process cannot start. The message says what happened, why, and the way out: it is all that the operator sees. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: StartErrorCode;

  constructor(code: StartErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
