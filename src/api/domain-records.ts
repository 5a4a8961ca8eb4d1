import { ARecord, AaaaRecord, IAliasRecordTarget, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { CustomDomainOptions } from '../policy/custom-domain';

/** Points the host name to whatever stands at the front, in the user's own zone. The records stay when the front changes. */
export class DomainRecords extends Construct {
  constructor(scope: Construct, id: string, { domainName, hostedZone }: CustomDomainOptions, target: IAliasRecordTarget) {
    super(scope, id);
    if (!hostedZone) {
      return;
    }
    // With its final dot a name is whole, also where neither it nor the zone's is known yet.
    const record = { zone: hostedZone, recordName: `${domainName}.`, target: RecordTarget.fromAlias(target) };
    new ARecord(this, 'A', record);
    new AaaaRecord(this, 'Aaaa', record);
  }
}
