/** Wall clock of this process: for file names, log lines and answers. What is judged in the database uses `app_now()`. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}
