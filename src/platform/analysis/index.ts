export { Analysis, type AnalysisOptions } from './analysis.ts';
export { FORMATS, PARSE_FORMATS, type AnalysisJob, type Format, type ParseFormat } from './job.ts';
