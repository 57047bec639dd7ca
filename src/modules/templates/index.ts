export type { CreatedAgent } from './create-agent.ts';
export type { TemplatePage, TemplatesQuery, TemplateView } from './list-templates.ts';
export { describeSchedule } from './sentence/describe-schedule.ts';
export { planSentence, type Plan } from './sentence/plan.ts';
export { TemplatesModule } from './templates.module.ts';
export { TemplatesService } from './templates.service.ts';
