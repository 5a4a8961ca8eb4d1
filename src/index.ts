export { AuthService } from './auth-service';
export { AuthFunctionName } from './contract/functions';
export { AuthMetric } from './contract/metrics';
export { type AbuseOptions } from './policy/abuse';
export { AccessLogs } from './policy/access-logs';
export { AuthApi, type RestApiOptions, type RouteThrottleOptions, type ThrottleOptions } from './policy/api';
export { type AuthorizerOptions, type RestAuthorizerOptions } from './policy/authorizers';
export { type AuthServiceProps } from './policy/auth-service-props';
export { type DailyBackupOptions, TableBackups } from './policy/backups';
export { Firewall, type ManagedFirewallOptions } from './policy/firewall';
export { FunctionDeployment, type GradualDeploymentOptions } from './policy/function-deployment';
export { type AuthFunctionOptions, AuthLogLevel, type FunctionsOptions } from './policy/functions';
export { AuthNetwork, type ExistingVpcOptions } from './policy/network';
export { type BcryptOptions, PasswordHashing, type PasswordOptions } from './policy/passwords';
export { AuthPreset } from './policy/preset';
export { type BooleanAttributeOptions, type NumberAttributeOptions, ProfileAttribute, type StringAttributeOptions } from './policy/profile';
export {
  type ConcurrencyPeriod, ProvisionedConcurrency, type ScheduledConcurrencyOptions, type UtilizationOptions, WeekDay,
} from './policy/provisioned-concurrency';
export { Registration } from './policy/registration';
export { AuthRoute } from './policy/routes';
export { type RotatingKeysOptions, SigningAlgorithm, SigningKeys } from './policy/signing-keys';
export { AuthTable, type AuthTableOptions, PointInTimeRecovery, type StorageOptions } from './policy/storage';
export { TokenTransport } from './policy/token-transport';
export { type TokenOptions } from './policy/tokens';
export { type WebAppOptions } from './policy/web-app';
export { type IAuthService } from './sharing/auth-service-reference';
export { type AuthServiceAttributes } from './sharing/imported-auth-service';
