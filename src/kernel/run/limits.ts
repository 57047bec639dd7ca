/** Bounds of what an agent may be and do, the same when steps are written and when they run. */
export const MAX_STEPS = 50;
/** Most items a `forEach` goes through. */
export const MAX_ITEMS = 10_000;
export const MAX_ATTEMPTS = 10;
export const MAX_TIMEOUT_MS = 3_600_000;
/** No pause between two attempts is longer. */
export const MAX_RETRY_DELAY_MS = 300_000;
/** How often a run is taken up again before it is given up: a step that ends its process each time would go round for ever. */
export const MAX_CLAIMS = 20;
