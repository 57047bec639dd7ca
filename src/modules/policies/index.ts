export { CONFLICT_KINDS, type Conflict } from './conflicts.ts';
export { instantiate } from './instantiate.ts';
export { PoliciesModule } from './policies.module.ts';
export { PoliciesService, type Attached, type AttachRequest } from './policies.service.ts';
export type { PolicyTemplate } from './policy-template.ts';
export type { Recommendation } from './recommend.ts';
export { DecisionService, type OutputJudgement, type PreparedSubject } from './decision.service.ts';
export type { Subject, SubjectConnection, Surroundings } from './subject.ts';
