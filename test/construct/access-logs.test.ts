import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnDeliveryStream, DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { AccessLogs, AuthApi } from '../../src';
import { defaults, resource, synthesize } from './support/synth';

const settings = (template: Template) => resource(template, 'AWS::ApiGateway::Stage', 'AuthApi').Properties.AccessLogSetting;
const logging = (accessLogs: AccessLogs) => synthesize({ api: AuthApi.rest({ accessLogs }) }).template;

describe('the access log', () => {
  test('goes to CloudWatch, with the role that API Gateway needs for it in this account, kept for all other APIs', () => {
    const { template } = defaults();
    const stage = resource(template, 'AWS::ApiGateway::Stage', 'AuthApi');
    expect(stage.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^AuthAccessLogAccount/)]));
    expect(settings(template).DestinationArn).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^AuthAccessLogLogs/), 'Arn'] });
    expect(resource(template, 'AWS::ApiGateway::Account', 'AuthAccessLog').DeletionPolicy).toBe('Retain');
    expect(resource(template, 'AWS::IAM::Role', 'AuthAccessLogAccountRole').DeletionPolicy).toBe('Retain');
  });

  test('LG-05, RC-03: is JSON without headers, query, principal or the ids in paths', () => {
    const format = settings(defaults().template).Format as string;
    expect(JSON.parse(format)).toMatchObject({
      requestId: '$context.requestId', resourcePath: '$context.resourcePath', status: '$context.status', sourceIp: '$context.identity.sourceIp',
    });
    expect(format).not.toMatch(/header|userAgent|querystring|\$context\.path|authorization|cookie|authorizer\.(sub|sid|principalId)/i);
  });

  test('leaves the account alone where its role is looked after elsewhere', () => {
    const template = logging(AccessLogs.cloudWatchWithExistingAccountRole());
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
    expect(settings(template).DestinationArn).toBeDefined();
  });

  test('can go to Firehose', () => {
    const template = synthesize((stack) => {
      const stream = new CfnDeliveryStream(stack, 'Stream', { deliveryStreamName: 'amazon-apigateway-auth' });
      const accessLogs = AccessLogs.firehose(DeliveryStream.fromDeliveryStreamAttributes(stack, 'Imported', { deliveryStreamArn: stream.attrArn, deliveryStreamName: 'amazon-apigateway-auth' }));
      return { api: AuthApi.rest({ accessLogs }) };
    }).template;
    expect(settings(template)).toEqual({ DestinationArn: { 'Fn::GetAtt': ['Stream', 'Arn'] }, Format: expect.any(String) });
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('can be left out', () => {
    expect(settings(logging(AccessLogs.none()))).toBeUndefined();
    logging(AccessLogs.none()).hasResourceProperties('AWS::ApiGateway::Stage', { AccessLogSetting: Match.absent() });
  });

  test('a stream that API Gateway would refuse is refused here', () => {
    expect(() => synthesize((stack) => ({
      api: AuthApi.rest({ accessLogs: AccessLogs.firehose(DeliveryStream.fromDeliveryStreamAttributes(stack, 'Imported', { deliveryStreamName: 'other' })) }),
    }))).toThrow(/must be a name that begins with amazon-apigateway-, got a stream named "other"/);
  });
});
