/** What is deployed, one after the other. */
export const SCENARIOS = ['quickstart', 'production', 'http-api'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** `broken-login`: a version of login that fails; `failing-update`: a change that fails after everything of the service exists. */
export const VARIANTS = ['plain', 'broken-login', 'failing-update'] as const;
export type Variant = (typeof VARIANTS)[number];
