import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AuthFunctionName } from '../contract/functions';
import { AuthFunction, SharedFunctionProps } from './auth-function';
import { EnvironmentSource, environmentOf } from './environment';
import { GRANTS, KeyAccess } from './grants';
import { GradualDeployments } from './gradual-deployments';
import { Resources, grantFunction } from './permissions';
import { Release } from './release';
import { FunctionSize } from './sizes';

/** What the functions are made with. */
export interface AuthFunctionsProps extends SharedFunctionProps {
  readonly serviceName: string;
  readonly sizes: (name: AuthFunctionName) => FunctionSize;
  readonly releases: (name: AuthFunctionName) => Release;
  readonly source: EnvironmentSource;
  readonly resources: Resources;
}

/** Construct ids by function. */
const IDS: Readonly<Record<AuthFunctionName, string>> = {
  [AuthFunctionName.REGISTER]: 'Register',
  [AuthFunctionName.LOGIN]: 'Login',
  [AuthFunctionName.REFRESH]: 'Refresh',
  [AuthFunctionName.LOGOUT]: 'Logout',
  [AuthFunctionName.PROFILE]: 'Profile',
  [AuthFunctionName.CREDENTIALS]: 'Credentials',
  [AuthFunctionName.DISCOVERY]: 'Discovery',
  [AuthFunctionName.AUTHORIZER]: 'Authorizer',
  [AuthFunctionName.ROTATE_KEYS]: 'RotateKeys',
  [AuthFunctionName.ADMIN]: 'Admin',
};

/** All functions, each with what it needs and no more. */
export class AuthFunctions extends Construct {
  private readonly functions = new Map<AuthFunctionName, AuthFunction>();

  constructor(scope: Construct, id: string, props: AuthFunctionsProps) {
    super(scope, id);
    const deployments = new GradualDeployments(this, 'Deployments', { serviceName: props.serviceName, front: props.source.front });
    for (const name of Object.values(AuthFunctionName)) {
      const environment = environmentOf(name, props.source);
      const fn = new AuthFunction(this, IDS[name], { ...props, ...props.sizes(name), release: props.releases(name), deployments, name, environment });
      grantFunction(fn, name, props.resources);
      this.functions.set(name, fn);
    }
    this.allowRotations();
  }

  public get(name: AuthFunctionName): AuthFunction {
    const fn = this.functions.get(name);
    if (!fn) {
      throw new Error(`the function must be a member of AuthFunctionName, got ${JSON.stringify(name)}`);
    }
    return fn;
  }

  public all(): AuthFunction[] {
    return [...this.functions.values()];
  }

  /** Those that issue tokens. */
  public signers(): AuthFunction[] {
    return [...this.functions].filter(([name]) => GRANTS[name].signingKeys === KeyAccess.READ).map(([, fn]) => fn);
  }

  private allowRotations(): void {
    const rotator = this.get(AuthFunctionName.ROTATE_KEYS).lambda;
    for (const [name, fn] of this.functions) {
      if (GRANTS[name].startsRotations) {
        fn.allow(new PolicyStatement({ effect: Effect.ALLOW, actions: ['lambda:InvokeFunction'], resources: [rotator.functionArn] }));
      }
    }
  }
}
