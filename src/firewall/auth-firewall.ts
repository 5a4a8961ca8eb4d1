import { RemovalPolicy } from 'aws-cdk-lib';
import { Stage } from 'aws-cdk-lib/aws-apigateway';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { Firewall } from '../policy/firewall';
import { PageReaders } from './page-origins';
import { createWebAcl } from './web-acl';

/** What the firewall is made with. */
export interface AuthFirewallProps {
  readonly firewall: Firewall;
  readonly serviceName: string;
  readonly pages: PageReaders;
  /** What it guards. An HTTP API has none: its firewall is on the distribution. */
  readonly stage?: Stage;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
}

/** The web ACL in front of the REST API, if the service brings one. */
export class AuthFirewall extends Construct {
  /** The web ACL of the service's own. */
  public readonly webAcl?: CfnWebACL;
  public readonly logGroup?: LogGroup;

  constructor(scope: Construct, id: string, props: AuthFirewallProps) {
    super(scope, id);
    const { firewall, stage } = props;
    if (!stage) {
      return;
    }
    if (firewall._kind === 'managed') {
      const { webAcl, logGroup } = createWebAcl(this, { ...props, kind: 'REGIONAL', options: firewall._options });
      this.webAcl = webAcl;
      this.logGroup = logGroup;
      this.associate(webAcl.attrArn, stage);
    } else if (firewall._webAclArn !== undefined) {
      this.associate(firewall._webAclArn, stage);
    }
  }

  private associate(webAclArn: string, stage: Stage): void {
    new CfnWebACLAssociation(this, 'Association', { webAclArn, resourceArn: stage.stageArn });
  }
}
