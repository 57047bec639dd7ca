export { Inspection } from './inspection.ts';
export type {
  CodeLanguage,
  Finding,
  InspectAnswer,
  InspectRequest,
  ShellReading,
  SqlDialect,
  SqlReading,
} from './model.ts';
