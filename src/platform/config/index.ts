export { Config, misspelt, readConfig } from './config.ts';
export { readCrashPlan, type CrashPlan } from './crash-plan.ts';
export { linkBase } from './link-base.ts';
