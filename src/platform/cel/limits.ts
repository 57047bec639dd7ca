/** What the condition and expression language never goes beyond, so that every text ends quickly. */
export const CEL_LIMITS = {
  /** Length of one condition, in UTF-8 bytes. */
  textBytes: 2_048,
  nodes: 200,
  depth: 20,
  listElements: 100,
  callArguments: 4,
  /** Instructions of one compiled pattern: its time is this times the length of the text. */
  patternSize: 300,
  /** Longest text that a pattern is tried on, in UTF-16 units: beyond it the condition has no answer. */
  patternInput: 4_096,
  rulesPerPolicy: 50,
  policiesPerAgent: 20,
} as const;
