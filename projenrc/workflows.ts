import { Component } from 'projen';
import type { awscdk } from 'projen';

/** Where projen puts the step that publishes to npm. */
const RELEASE_STEP = 9;

/** Adjusts what projen generates for GitHub. */
export class Workflows extends Component {
  public constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    // The whole history: the bundles of the version before are built from it (test/service/previous-version.test.ts).
    project.github?.tryFindWorkflow('build')?.file?.addOverride('jobs.build.steps.0.with.fetch-depth', 0);
    // publib knows the registry by itself; no address of one stands in this repository (a test watches).
    const release = project.github?.tryFindWorkflow('release');
    release?.file?.addDeletionOverride(`jobs.release_npm.steps.${RELEASE_STEP}.env.NPM_REGISTRY`);
  }
}
