export {
  isDeclared,
  type ActionFailure,
  type ActionRequest,
  type ActionResult,
  type ActionTrigger,
  type RunPlace,
} from './action.ts';
export { ActionsModule } from './actions.module.ts';
export { ActionsService, type ActionPreview, type PreviewRequest } from './actions.service.ts';
export { CATALOGUE, checkParams, type CatalogueEntry, type ParamsProblem } from './catalogue.ts';
export { toDenial } from './denial.ts';
export type { ApprovalWish } from './request-approval.ts';
export { toSubject, type Surrounding } from './to-subject.ts';
export { validateSteps, type StepProblem } from './validate-steps.ts';
