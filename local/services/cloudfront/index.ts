import { randomBytes } from 'node:crypto';
import { Account } from '../account';
import { AwsError, unknownOperation } from '../errors';
import { escapeXml } from '../http';
import { AwsService, Input, Permission, ServiceAnswer } from '../service';
import { ControlledDistribution } from '../types';
import { CLOUDFRONT_NAMESPACE, configFromXml, configToXml } from './config-xml';

export interface CloudFrontOutput {
  readonly xml: string;
  readonly etag: string;
}

/** A distribution with the document that the API shows. */
interface Known extends ControlledDistribution {
  xml: string;
  etag: string;
}

/** GetDistributionConfig and UpdateDistribution. An update takes effect on the running distribution at once. */
export class CloudFront implements AwsService {
  readonly name = 'cloudfront';
  readonly endpointName = 'CLOUDFRONT';
  private readonly distributions = new Map<string, Known>();

  constructor(private readonly account: Account & { readonly now: () => number }) {}

  add(distribution: ControlledDistribution): void {
    this.distributions.set(distribution.id, { ...distribution, xml: configToXml(distribution.config, distribution.id), etag: newTag() });
  }

  call(operation: string, input: Input): ServiceAnswer {
    const distribution = this.distributions.get(String(input.Id));
    if (!distribution) throw new AwsError('NoSuchDistribution', 'The specified distribution does not exist.', 404);
    switch (operation) {
      case 'GetDistributionConfig': return { output: { xml: distribution.xml, etag: distribution.etag } };
      case 'UpdateDistribution': return { output: this.update(distribution, input) };
      default: throw unknownOperation('CloudFront', operation);
    }
  }

  resourceOf(_operation: string, input: Input): string {
    return String(input.Id);
  }

  permissionsOf(operation: string, input: Input): Permission[] {
    const { partition, accountId } = this.account;
    const own = { action: `cloudfront:${operation}`, resource: `arn:${partition}:cloudfront::${accountId}:distribution/${String(input.Id)}` };
    const webAclArn = this.distributions.get(String(input.Id))?.config.WebACLId;
    // Whoever writes a distribution has to be able to read the web ACL that stands in it, changed or not: else it is an InvalidWebACLId.
    return operation === 'UpdateDistribution' && typeof webAclArn === 'string' && webAclArn !== ''
      ? [own, { action: 'wafv2:GetWebACL', resource: webAclArn }]
      : [own];
  }

  throttled(): AwsError {
    return new AwsError('Throttling', 'Rate exceeded', 400);
  }

  conflict(): AwsError {
    return preconditionFailed();
  }

  private update(distribution: Known, { IfMatch: ifMatch, DistributionConfig: document }: Input): CloudFrontOutput {
    if (ifMatch === undefined) throw new AwsError('InvalidIfMatchVersion', 'The If-Match version is missing or not valid for the resource.');
    if (ifMatch !== distribution.etag) throw preconditionFailed();
    const xml = String(document);
    distribution.changed(configFromXml(xml));
    distribution.xml = xml;
    distribution.etag = newTag();
    return { xml: this.described(distribution), etag: distribution.etag };
  }

  private described({ id, arn, domainName, xml }: Known): string {
    const config = xml.replace(/^\s*<\?xml[^>]*\?>\s*/, '');
    const modified = new Date(this.account.now()).toISOString();
    return `<?xml version="1.0" encoding="UTF-8"?>\n<Distribution xmlns="${CLOUDFRONT_NAMESPACE}"><Id>${id}</Id><ARN>${escapeXml(arn)}</ARN>`
      + `<Status>InProgress</Status><LastModifiedTime>${modified}</LastModifiedTime><InProgressInvalidationBatches>0</InProgressInvalidationBatches>`
      + `<DomainName>${domainName}</DomainName>${config}</Distribution>`;
  }
}

const newTag = (): string => `E${randomBytes(7).toString('hex').slice(0, 13).toUpperCase()}`;

const preconditionFailed = (): AwsError =>
  new AwsError('PreconditionFailed', 'The request failed because it didn\'t meet the preconditions in one or more request-header fields.', 412);
