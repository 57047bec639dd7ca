export { Config, linkBase, misspelt, readConfig } from './config.ts';
