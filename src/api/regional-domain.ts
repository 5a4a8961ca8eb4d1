import { BasePathMapping, CfnDomainName, DomainName, EndpointAccessMode, EndpointType, RestApi, Stage } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnApiMapping, CfnStage, DomainName as HttpDomainName, EndpointType as HttpEndpointType, IpAddressType, SecurityPolicy as HttpSecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { STAGE_NAME } from '../contract/limits';
import { CustomDomainOptions } from '../policy/custom-domain';
import { SECURITY_POLICY } from './auth-rest-api';

/** The host name of a REST API. Its stage is found under the same path as without it. */
export class RestDomain extends Construct {
  public readonly domain: DomainName;

  constructor(scope: Construct, id: string, { domainName, certificate }: CustomDomainOptions, restApi: RestApi, stage: Stage) {
    super(scope, id);
    this.domain = new DomainName(this, 'Name', {
      domainName,
      certificate,
      endpointType: EndpointType.REGIONAL,
      // That of the API: connections are negotiated by the API's own in any case.
      securityPolicy: SECURITY_POLICY,
      endpointAccessMode: EndpointAccessMode.STRICT,
    });
    // An AAAA record of a host that speaks IPv4 only would lead nowhere.
    (this.domain.node.defaultChild as CfnDomainName).endpointConfiguration = { types: [EndpointType.REGIONAL], ipAddressType: 'dualstack' };
    new BasePathMapping(this, 'Mapping', { domainName: this.domain, restApi, stage, basePath: STAGE_NAME });
  }
}

/** The host name of an HTTP API that no distribution stands before. */
export class HttpDomain extends Construct {
  public readonly domain: HttpDomainName;

  constructor(scope: Construct, id: string, { domainName, certificate }: CustomDomainOptions, stage: CfnStage) {
    super(scope, id);
    this.domain = new HttpDomainName(this, 'Name', {
      domainName,
      certificate,
      endpointType: HttpEndpointType.REGIONAL,
      // The newest that an HTTP API can be mapped under.
      securityPolicy: HttpSecurityPolicy.TLS_1_2,
      ipAddressType: IpAddressType.DUAL_STACK,
    });
    new CfnApiMapping(this, 'Mapping', { apiId: stage.apiId, stage: stage.ref, domainName: this.domain.name, apiMappingKey: STAGE_NAME });
  }
}
