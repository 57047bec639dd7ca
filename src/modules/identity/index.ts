export { IdentityModule } from './identity.module.ts';
export { IdentityService } from './identity.service.ts';
export { CurrentPerson, SessionGuard } from './session.guard.ts';
export type { SignedIn } from './signed-in.ts';
export { changeSettings, readSettings, type Settings, type SettingsChange } from './workspace-settings.ts';
export type { Workspace } from './workspace.ts';
