export { ErrorFilter } from './error.filter.ts';
export { HealthController } from './health.controller.ts';
export { refuseForeignHost } from './local-hosts.ts';
