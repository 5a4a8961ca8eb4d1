import { Environment } from './environment';

/** The one place that reads the process's environment. */
export function processEnvironment(): Environment {
  return new Environment(process.env);
}
