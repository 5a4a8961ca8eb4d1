import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { EndpointType, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AuthService, type IAuthService } from 'cdk-auth-service';
import type { Construct } from 'constructs';

/** The team that looks after users. */
export class IdentityStack extends Stack {
  public readonly auth: AuthService;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.auth = new AuthService(this, 'Auth', { tokens: { defaultScopes: ['orders:read'] } });
    new CfnOutput(this, 'AuthUrl', { value: this.auth.apiUrl });
  }
}

export interface OrdersStackProps extends StackProps {
  /** From the same app; from another one, `AuthService.fromParameters` reads what `auth.publishTo` wrote. */
  readonly auth: IAuthService;
}

/** Another team, whose API only logged-in users may call, and of those some may do more. The identity team's stack does not know of it. */
export class OrdersStack extends Stack {
  constructor(scope: Construct, id: string, props: OrdersStackProps) {
    super(scope, id, props);

    const orders = new Function(this, 'Handler', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline(`
        exports.handler = async (event) => ({
          statusCode: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ orders: [], owner: event.requestContext.authorizer.sub }),
        });
      `),
    });
    const api = new RestApi(this, 'Api', { endpointTypes: [EndpointType.REGIONAL], cloudWatchRole: false });
    const resource = api.root.addResource('orders');
    resource.addMethod('GET', new LambdaIntegration(orders), {
      authorizer: props.auth.restAuthorizer(this, 'Readers', { requiredScopes: ['orders:read'] }),
    });
    resource.addMethod('DELETE', new LambdaIntegration(orders), {
      authorizer: props.auth.restAuthorizer(this, 'Administrators', { requiredScopes: ['orders:delete'] }),
    });
    new CfnOutput(this, 'OrdersUrl', { value: api.urlForPath('/orders') });
  }
}
