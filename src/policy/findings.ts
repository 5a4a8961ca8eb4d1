import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** What rule packs find and what is so on purpose. */
export interface Finding {
  /** Ids of the finding, as cdk-nag's packs name it. */
  readonly ids: readonly string[];
  readonly reason: string;
}

/** Prefixes of cdk-nag's packs. */
const AWS_SOLUTIONS = 'AwsSolutions';
const SERVERLESS = 'Serverless';
const HIPAA = 'HIPAA.Security';
const NIST = 'NIST.800.53.R5';
const PCI = 'PCI.DSS.321';

/**
 * What cdk-nag's packs (AwsSolutions, Serverless, HIPAA Security, NIST 800-53 rev. 5, PCI DSS 3.2.1) find in this service, and why it
 * stays. A reviewer reads the reasons in the report of the tool itself.
 */
export const Findings = {
  /** Every action of X-Ray, and those of EC2 on network interfaces. */
  ACTION_WITHOUT_RESOURCES: {
    ids: [`${AWS_SOLUTIONS}-IAM5[Resource::*]`],
    reason: 'X-Ray and the network interfaces of EC2 know no resources for these actions; every other statement names its table, secret, key or log group',
  },
  /** CodeDeploy asks for the alarms of a deployment by name. */
  ALARMS_BY_NAME: {
    ids: [`${AWS_SOLUTIONS}-IAM5[Resource::*]`],
    reason: 'CodeDeploy reads the state of the alarms that guard a deployment, also of those that the user names; it may change none of them',
  },
  ACCOUNT_LOG_ROLE: {
    ids: [`${AWS_SOLUTIONS}-IAM5[Resource::*]`],
    reason: 'API Gateway writes the logs of all APIs of the account and Region through this one role, and refuses one that is confined to some log groups',
  },
  NO_EXECUTION_LOGS: {
    ids: [`${AWS_SOLUTIONS}-APIG6`, ...inPacks('APIGWExecutionLoggingEnabled', HIPAA, NIST, PCI)],
    reason: 'execution logs may hold bodies, and bodies hold passwords (ASVS 16.2.5); the access log and the audit events say what happened',
  },
  /** With `AccessLogs.none()`, which `AuthPreset.development()` sets for a REST API. */
  NO_ACCESS_LOG: {
    ids: [`${AWS_SOLUTIONS}-APIG1`, `${SERVERLESS}-APIGWAccessLogging`],
    reason: 'whoever sets AccessLogs.none(), or AuthPreset.development(), which leaves no role of the account behind, does without: the audit events say what happened',
  },
  NO_CACHED_ANSWERS: {
    ids: inPacks('APIGWCacheEnabledAndEncrypted', HIPAA, NIST, PCI),
    reason: 'answers hold tokens and profiles, and a cache would give one caller another one\'s (ASVS 14.2.2): nothing of this API is cached, encrypted or not',
  },
  NO_CLIENT_CERTIFICATE: {
    ids: inPacks('APIGWSSLEnabled', HIPAA, NIST, PCI),
    reason: 'a client certificate is for backends that API Gateway reaches over HTTP; these are Lambda functions, invoked by IAM permission over TLS',
  },
  PUBLIC_ROUTE: {
    ids: [`${AWS_SOLUTIONS}-APIG4`],
    reason: 'who registers, logs in or refreshes has no access token yet; public keys, discovery, health and preflights are for everybody',
  },
  FUNCTION_VERIFIES: {
    ids: [`${AWS_SOLUTIONS}-APIG4`],
    reason: 'the function behind the route verifies the access token itself; an authorizer of an HTTP API that fails would be answered with 500',
  },
  EVERY_COUNTRY: {
    ids: [`${AWS_SOLUTIONS}-CFR1`],
    reason: 'users log in from wherever they are; the web ACL can tell countries apart where that matters',
  },
  CENTRAL_FIREWALL: {
    ids: [`${AWS_SOLUTIONS}-CFR2`],
    reason: 'Firewall.centrallyManaged() says so: AWS Firewall Manager puts the web ACL on the distribution, from outside this stack',
  },
  /** With `Firewall.centrallyManaged()`; with `Firewall.cloudFront()` the statement names the web ACL. */
  WEB_ACL_FROM_ELSEWHERE: {
    ids: [`${AWS_SOLUTIONS}-IAM5[Resource::arn:<AWS::Partition>:wafv2:us-east-1:<AWS::AccountId>:global/webacl/*]`],
    reason: 'CloudFront asks whether rotate-keys may read the web ACL of the distribution, and which one that is AWS Firewall Manager decides later',
  },
  NO_DISTRIBUTION_LOG: {
    ids: [`${AWS_SOLUTIONS}-CFR3`],
    reason: 'the log of the web ACL names every request with credentials redacted; the one of CloudFront would hold ids of sessions in paths',
  },
  CLOUDFRONT_CERTIFICATE: {
    ids: [`${AWS_SOLUTIONS}-CFR4`],
    reason: 'the certificate of cloudfront.net comes with its own policy; a service with a custom domain asks for TLS 1.2, and its lack is warned of at synthesis',
  },
  OWN_AUTHORIZER: {
    ids: [`${AWS_SOLUTIONS}-COG4`],
    reason: 'this service is what issues and verifies the tokens, with an authorizer of its own that also knows sessions that have ended',
  },
  /** Unless there is an `encryptionKey`. */
  LOGS_WITHOUT_OWN_KEY: {
    ids: inPacks('CloudWatchLogGroupEncrypted', HIPAA, NIST, PCI),
    reason: 'CloudWatch Logs encrypts with a key of AWS as long as nobody sets encryptionKey, which makes it one that the account controls',
  },
  /** Unless there is an `encryptionKey`. */
  SECRET_WITHOUT_OWN_KEY: {
    ids: inPacks('SecretsManagerUsingKMSKey', HIPAA, NIST, PCI),
    reason: 'Secrets Manager encrypts with the account\'s key aws/secretsmanager as long as nobody sets encryptionKey, which makes it one of one\'s own',
  },
  /** The lookup secret. */
  SECRET_WITHOUT_ROTATION: {
    ids: [`${AWS_SOLUTIONS}-SMG4`, ...inPacks('SecretsManagerRotationEnabled', HIPAA, NIST)],
    reason: 'names become keys of tables under this secret: under another one every counter and lock would be forgotten, and there is no list of the names',
  },
  /** A policy that `grant` methods and other statements of this construct add up to. */
  POLICY_OF_ONE_ROLE: {
    ids: inPacks('IAMNoInlinePolicy', HIPAA, NIST, PCI),
    reason: 'each role has the one policy that is made for it, deployed and removed with it; as a managed policy it could be attached to others',
  },
  NO_DEAD_LETTERS: {
    ids: inPacks('LambdaDLQ', SERVERLESS, HIPAA, NIST),
    reason: 'callers wait for the answer and learn of a failure; a queue would keep whole events, and those of this service hold passwords and tokens',
  },
  /** Unless the function has a `reservedConcurrency`. */
  NO_RESERVED_CONCURRENCY: {
    ids: inPacks('LambdaConcurrency', HIPAA, NIST),
    reason: 'functions.overrides reserves it; by default nothing is taken from an account that may have a limit of 10, and the API\'s throttles bound the rate',
  },
  /** Unless there is a `network`. */
  OUTSIDE_A_VPC: {
    ids: inPacks('LambdaInsideVPC', HIPAA, NIST, PCI),
    reason: 'the functions reach AWS services only, by TLS and signed requests, and nothing in a VPC; network puts them into one for whoever has to',
  },
  /** The alarms of a gradual deployment. */
  ALARM_FOR_CODE_DEPLOY: {
    ids: inPacks('CloudWatchAlarmAction', HIPAA, NIST),
    reason: 'CodeDeploy watches this alarm while a version is being rolled out, and takes it back; failures at other times go off in the alarms of the service',
  },
  /** The rules cannot read the range of a VPC, which is known only when it is deployed. */
  OPEN_TO_ITS_VPC: {
    ids: [`${AWS_SOLUTIONS}-EC23`, ...inPacks('EC2RestrictedSSH', HIPAA, NIST, PCI), ...inPacks('EC2RestrictedCommonPorts', HIPAA, NIST, PCI)],
    reason: 'the endpoint answers on port 443 and to addresses of its own VPC only: with private DNS it serves whatever else in there asks for a secret',
  },
} as const;

function inPacks(rule: string, ...packs: string[]): string[] {
  return packs.map((pack) => `${pack}-${rule}`);
}

/**
 * Writes the reasons where rule packs look for them: metadata of the construct tree, in no template, without a dependency on any pack. An id
 * with an ARN in it holds more colons than the CDK's own method takes, so that it is written as that writes it.
 */
export function acknowledge(on: IConstruct, ...findings: Finding[]): void {
  for (const { ids, reason } of findings) {
    for (const id of ids) {
      if (id.split('::').length > 2) {
        on.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [id]: reason });
      } else {
        Validations.of(on).acknowledge({ id, reason });
      }
    }
  }
}
