import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { EndpointType, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AuthService } from 'cdk-auth-service';
import type { Construct } from 'constructs';
import { acknowledgeExample } from './findings.ts';

/** An authentication service, and an API of one's own that only logged-in users may call. */
export class QuickStart extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const auth = new AuthService(this, 'Auth');

    const orders = new Function(this, 'Orders', {
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
    const api = new RestApi(this, 'OrdersApi', { endpointTypes: [EndpointType.REGIONAL], cloudWatchRole: false });
    api.root.addResource('orders').addMethod('GET', new LambdaIntegration(orders), {
      authorizer: auth.restAuthorizer(this, 'OrdersAuthorizer'),
    });

    new CfnOutput(this, 'AuthUrl', { value: auth.apiUrl });
    new CfnOutput(this, 'OrdersUrl', { value: api.urlForPath('/orders') });
    acknowledgeExample(api, orders);
  }
}
