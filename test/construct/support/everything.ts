import type { Stack } from 'aws-cdk-lib';
import { ContributorInsightsMode } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { AuthServiceProps } from '../../../src';
import { AuthFunctionName, AuthNetwork, AuthPreset, Firewall, FunctionDeployment, ProvisionedConcurrency, TableBackups } from '../../../src';

const webApp = { origins: ['https://app.example.com'] };
const keyOf = (stack: Stack) => new Key(stack, 'Key', { enableKeyRotation: true });

/** What a team usually sets in production. */
export const usual = (stack: Stack): AuthServiceProps => ({
  webApp,
  encryptionKey: keyOf(stack),
  storage: { backups: TableBackups.daily() },
  functions: {
    deployment: FunctionDeployment.canary(),
    overrides: [{ name: AuthFunctionName.LOGIN, provisionedConcurrency: ProvisionedConcurrency.utilization({ min: 1, max: 10 }) }],
  },
});

/** Whatever makes resources, all of it. */
export const everything = (stack: Stack): AuthServiceProps => ({
  preset: AuthPreset.highScale(),
  webApp,
  encryptionKey: keyOf(stack),
  firewall: Firewall.managed({ blockedNetworks: ['192.0.2.0/24', '2001:db8::/32'] }),
  network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false }), { createEndpoints: true }),
  storage: { backups: TableBackups.daily(), contributorInsights: ContributorInsightsMode.ACCESSED_AND_THROTTLED_KEYS },
  functions: {
    overrides: [
      { name: AuthFunctionName.DISCOVERY, provisionedConcurrency: ProvisionedConcurrency.scheduled([{ startHour: 6, endHour: 22, concurrency: 5 }]) },
      { name: AuthFunctionName.PROFILE, provisionedConcurrency: ProvisionedConcurrency.fixed(2), reservedConcurrency: 100 },
      { name: AuthFunctionName.ADMIN, deployment: FunctionDeployment.linear() },
    ],
  },
  monitoring: { perFunctionAlarms: true, serviceLevels: {} },
});
