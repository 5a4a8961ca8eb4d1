import type { Stack } from 'aws-cdk-lib';
import { CfnParameter, Duration, Fn, Token } from 'aws-cdk-lib';
import type { AuthServiceProps, GradualDeploymentOptions } from '../../../../src';
import { Firewall, FunctionDeployment, ProfileAttribute } from '../../../../src';
import type { WrongProps, WrongUse } from './wrong';

const parameter = (stack: Stack, type = 'CommaDelimitedList') => new CfnParameter(stack, 'Parameter', { type });
const list = (stack: Stack) => parameter(stack).valueAsList;
const text = (stack: Stack) => parameter(stack, 'String').valueAsString;
const number = (stack: Stack) => parameter(stack, 'Number').valueAsNumber;
const LIST = (property: string) =>
  `${property} must be a list that is written out, got a list known only at deployment: read it from context, or from a file of the app`;
const VALUE = (property: string) => `${property} must be a literal value, got a value known only at deployment: it is needed at synthesis`;
const deployment = (options: GradualDeploymentOptions): AuthServiceProps => ({ functions: { deployment: FunctionDeployment.canary(options) } });
const profile = (attribute: ProfileAttribute): AuthServiceProps => ({ profile: [attribute] });

/** Values of CloudFormation where synthesis works on them. */
export const DEPLOYED_VALUES: readonly WrongProps[] = [
  ['origins from a parameter', (stack) => ({ webApp: { origins: list(stack) } }), LIST('webApp.origins')],
  ['origins from a text', (stack) => ({ webApp: { origins: Fn.split(',', text(stack)) } }), LIST('webApp.origins')],
  ['accepted issuers from a parameter', (stack) => ({ tokens: { acceptedIssuers: list(stack) } }), LIST('tokens.acceptedIssuers')],
  ['accepted audiences from a parameter', (stack) => ({ tokens: { acceptedAudiences: list(stack) } }), LIST('tokens.acceptedAudiences')],
  ['an accepted audience from a parameter', (stack) => ({ tokens: { acceptedAudiences: [text(stack)] } }),
    'tokens.acceptedAudiences must be literal audiences, got a value known only at deployment: read the old one out of a token, where it is aud'],
  ['default scopes from a parameter', (stack) => ({ tokens: { defaultScopes: list(stack) } }), LIST('tokens.defaultScopes')],
  ['blocked networks from a parameter', (stack) => ({ firewall: Firewall.managed({ blockedNetworks: list(stack) }) }), LIST('firewall: blockedNetworks')],
  ['a blocked network from a parameter', (stack) => ({ firewall: Firewall.managed({ blockedNetworks: [text(stack)] }) }), VALUE('firewall: blockedNetworks')],
  ['names of alarms from a parameter', (stack) => deployment({ rollbackAlarmNames: list(stack) }), LIST('deployment: rollbackAlarmNames')],
  ['a percentage from a parameter', (stack) => deployment({ percentage: number(stack) }), VALUE('deployment: percentage')],
  ['an interval from a parameter', (stack) => deployment({ interval: Duration.minutes(number(stack)) }), VALUE('deployment: interval')],
  ['allowed values from a parameter', (stack) => profile(ProfileAttribute.string('locale', { allowed: list(stack) })), LIST('profile attribute locale: allowed')],
  ['a length from a parameter', (stack) => profile(ProfileAttribute.string('locale', { maxLength: number(stack) })), VALUE('profile attribute locale: maxLength')],
  ['a least value from a parameter', (stack) => profile(ProfileAttribute.number('seats', { min: number(stack) })), VALUE('profile attribute seats: min')],
  ['a greatest value from a parameter', (stack) => profile(ProfileAttribute.number('seats', { max: number(stack) })), VALUE('profile attribute seats: max')],
  ['an attribute\'s name from a parameter', (stack) => profile(ProfileAttribute.string(text(stack))), VALUE('profile attribute name')],
];

/** The same in calls. */
export const DEPLOYED_ARGUMENTS: readonly WrongUse[] = [
  ['required scopes from a parameter', (auth, stack) => auth.restAuthorizer(stack, 'A', { requiredScopes: list(stack) }), LIST('authorizer: requiredScopes')],
  ['declared scopes from a parameter', (auth, stack) => auth.declareRequiredScopes(list(stack)), LIST('authorizer: requiredScopes')],
  ['a prefix from a parameter', (auth, stack) => auth.publishTo(text(stack)),
    'prefix must be a literal path, got a value known only at deployment: the parameters are named by it at synthesis'],
  ['a prefix that CloudFormation knows', (auth) => auth.publishTo(Token.asString({ Ref: 'Prefix' })),
    'prefix must be a literal path, got a value known only at deployment: the parameters are named by it at synthesis'],
];
