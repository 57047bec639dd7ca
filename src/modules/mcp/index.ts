export { McpModule } from './mcp.module.ts';
export { McpService } from './mcp.service.ts';
export type { StdioApp } from './stdio.ts';
