export { describeSchedule } from './sentence/describe-schedule.ts';
export { planSentence, type Plan } from './sentence/plan.ts';
