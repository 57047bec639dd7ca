export { IdentityModule } from './identity.module.ts';
export { IdentityService } from './identity.service.ts';
export { changeSettings, readSettings, type Settings, type SettingsChange } from './workspace-settings.ts';
export type { Workspace } from './workspace.ts';
