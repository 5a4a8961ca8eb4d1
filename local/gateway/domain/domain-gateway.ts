import { Gateway } from '../listener';
import { GatewayAnswer, GatewayRequest, json, RequestNotes } from '../message';

/** One base path of a custom domain of API Gateway. */
export interface DomainMapping {
  /** Without slashes; empty: everything that no other mapping takes. */
  readonly basePath: string;
  readonly apiId: string;
  readonly stage: string;
}

export interface CustomDomain {
  readonly logicalId: string;
  readonly stackName: string;
  /** `auth.example.com` */
  readonly name: string;
  readonly mappings: DomainMapping[];
}

/** A custom domain of API Gateway: the longest base path that fits decides which stage of which API answers. */
export class DomainGateway implements Gateway {
  constructor(private readonly domain: CustomDomain, private readonly gatewayOf: (apiId: string) => Gateway | undefined) {}

  async answer(request: GatewayRequest, notes: RequestNotes, oversize: boolean): Promise<GatewayAnswer> {
    const fitting = this.domain.mappings.filter(({ basePath }) => basePath === '' || `${request.path}/`.startsWith(`/${basePath}/`));
    const [mapping] = fitting.sort((left, right) => right.basePath.length - left.basePath.length);
    const gateway = mapping && this.gatewayOf(mapping.apiId);
    if (!mapping || !gateway) {
      notes.refusedBy = `no base path of ${this.domain.name}`;
      return json(403, { message: 'Forbidden' }, [['x-amzn-ErrorType', 'ForbiddenException']]);
    }
    const rest = mapping.basePath === '' ? request.path : request.path.slice(mapping.basePath.length + 1);
    const path = mapping.stage === '$default' ? rest : `/${mapping.stage}${rest}`;
    return gateway.answer({ ...request, path, sentPath: request.path }, notes, oversize);
  }
}
