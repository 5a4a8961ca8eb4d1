import { basicProviders } from './basics';
import { cloudFrontProviders } from './cloudfront';
import { crossRegionProviders } from './cross-region';
import { domainProviders } from './domains';
import { firewallProviders } from './firewall';
import { httpApiProviders } from './http-api';
import { lambdaProviders } from './lambda';
import { Provider, Providers } from './provider';
import { responseHeadersProviders } from './response-headers';
import { restApiProviders } from './rest-api';

const PROVIDERS: Providers = {
  ...basicProviders, ...crossRegionProviders, ...lambdaProviders, ...restApiProviders, ...httpApiProviders, ...domainProviders, ...cloudFrontProviders,
  ...responseHeadersProviders, ...firewallProviders,
};

export function providerOf(type: string): Provider | undefined {
  return PROVIDERS[type];
}
