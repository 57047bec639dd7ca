export { ApprovalsModule } from './approvals.module.ts';
export {
  ApprovalsService,
  DEFAULT_EXPIRES_IN_HOURS,
  type Held,
  type HoldRequest,
  type PendingApproval,
} from './approvals.service.ts';
