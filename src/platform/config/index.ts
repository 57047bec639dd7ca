export { readCrashPlan, type CrashPlan } from './crash-plan.ts';
export { Config, linkBase, misspelt, readConfig } from './config.ts';
