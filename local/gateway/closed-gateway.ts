import { Gateway } from './listener';
import { GatewayAnswer, GatewayRequest, json, RequestNotes } from './message';

/** The own endpoint of an API that has it disabled: only a custom domain leads to the API. */
export class ClosedGateway implements Gateway {
  constructor(private readonly kind: 'REST' | 'HTTP') {}

  async answer(_request: GatewayRequest, notes: RequestNotes): Promise<GatewayAnswer> {
    notes.refusedBy = 'API Gateway (the execute-api endpoint is disabled)';
    if (this.kind === 'HTTP') return json(404, { message: 'Not Found' });
    return json(403, { message: 'Forbidden' }, [['x-amzn-ErrorType', 'ForbiddenException']]);
  }
}
