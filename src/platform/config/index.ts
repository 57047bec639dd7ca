export { Config, misspelt, readConfig } from './config.ts';
