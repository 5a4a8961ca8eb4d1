import { basicProviders } from './basics';
import { firewallProviders } from './firewall';
import { httpApiProviders } from './http-api';
import { lambdaProviders } from './lambda';
import { Provider, Providers } from './provider';
import { restApiProviders } from './rest-api';

const PROVIDERS: Providers = { ...basicProviders, ...lambdaProviders, ...restApiProviders, ...httpApiProviders, ...firewallProviders };

export function providerOf(type: string): Provider | undefined {
  return PROVIDERS[type];
}
