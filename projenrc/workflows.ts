import { Component } from 'projen';
import type { awscdk } from 'projen';

/** Where projen puts the step that publishes to npm. */
const RELEASE_STEP = 9;

/** Adjusts what projen generates for GitHub. */
export class Workflows extends Component {
  public constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    // publib knows the registry by itself; no address of one stands in this repository (a test watches).
    const release = project.github?.tryFindWorkflow('release');
    release?.file?.addDeletionOverride(`jobs.release_npm.steps.${RELEASE_STEP}.env.NPM_REGISTRY`);
  }
}
