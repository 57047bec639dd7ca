export type {
  ApprovalEventView,
  ApprovalEvidence,
  ApprovalPage,
  ApprovalView,
  OpenedApproval,
  OpenRequest,
  ReviewView,
} from './approval.ts';
export { toBackpressureText, type Backpressure } from './backpressure.ts';
export { ApprovalsModule } from './approvals.module.ts';
export { ApprovalsService, type PendingApproval, type ReviewResult } from './approvals.service.ts';
export { approvalResolvedJob } from './jobs.ts';
export type { ApprovalList, ListApprovalsQuery } from './list-approvals.ts';
export type { ApprovalRow } from './row.ts';
