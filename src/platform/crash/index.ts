export { passSeam, passStatement, planCrash, SEAMS, type Seam } from './seams.ts';
