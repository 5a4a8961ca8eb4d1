import { FirewallRegistry } from '../firewall/firewall';
import { HttpApiDefinition } from './http/definition';
import { HttpGateway } from './http/http-gateway';
import { GatewayPlatform } from './invoker';
import { Listener, ServedRequest } from './listener';
import { RestApiDefinition } from './rest/definition';
import { RestGateway } from './rest/rest-gateway';

export interface ApiSummary {
  readonly kind: 'REST' | 'HTTP';
  readonly id: string;
  readonly logicalId: string;
  readonly name: string;
  readonly stackName: string;
  /** One for each stage, without a trailing slash. */
  readonly urls: readonly string[];
  readonly routes: number;
}

interface Api {
  readonly kind: 'REST' | 'HTTP';
  readonly definition: RestApiDefinition | HttpApiDefinition;
  readonly listener: Listener;
  readonly platform: GatewayPlatform;
  readonly stackName: string;
}

/** The APIs of the instance, each on a port of its own so that paths are the same as on AWS. */
export class ApiRegistry {
  private readonly apis = new Map<string, Api>();
  private readonly unused: Listener[] = [];

  constructor(
    private readonly now: () => number,
    private readonly firewall: FirewallRegistry,
    private readonly onServed: (api: string, served: ServedRequest) => void,
  ) {}

  /** Takes one port for each API that may come, in their order. Rejects with a `UserError` when one is in use. */
  async bind(ports: readonly number[]): Promise<void> {
    for (const port of ports) {
      const listener = new Listener(this.now);
      await listener.bind(port);
      this.unused.push(listener);
    }
  }

  /** @returns the address of the API's port. */
  addRest(definition: RestApiDefinition, platform: GatewayPlatform, stackName: string): Promise<string> {
    return this.add('REST', definition, platform, stackName);
  }

  addHttp(definition: HttpApiDefinition, platform: GatewayPlatform, stackName: string): Promise<string> {
    return this.add('HTTP', definition, platform, stackName);
  }

  rest(apiId: string): RestApiDefinition | undefined {
    const api = this.apis.get(apiId);
    return api?.kind === 'REST' ? (api.definition as RestApiDefinition) : undefined;
  }

  http(apiId: string): HttpApiDefinition | undefined {
    const api = this.apis.get(apiId);
    return api?.kind === 'HTTP' ? (api.definition as HttpApiDefinition) : undefined;
  }

  /** `https://<id>.execute-api.<region>.<suffix>` becomes the address of that API's port, wherever it stands in a text. */
  rewrite(text: string): string {
    if (!text.includes('.execute-api.')) return text;
    return text.replaceAll(/https:\/\/([a-z0-9]{10})\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/g, (whole, id: string) =>
      this.apis.get(id)?.listener.url ?? whole);
  }

  /** All resources exist: requests are answered from now on. */
  async open(): Promise<void> {
    await Promise.all(this.unused.splice(0).map((listener) => listener.stop()));
    for (const { kind, definition, listener, platform } of this.apis.values()) {
      const gateway = kind === 'REST'
        ? new RestGateway(definition as RestApiDefinition, platform, (stage) =>
          this.firewall.of(`arn:${platform.partition}:apigateway:${platform.region}::/restapis/${definition.id}/stages/${stage}`))
        : new HttpGateway(definition as HttpApiDefinition, platform);
      listener.open(gateway, (served) => this.onServed(definition.logicalId, served));
    }
  }

  summaries(): ApiSummary[] {
    return [...this.apis.values()].map(({ kind, definition, listener, stackName }) => ({
      kind, stackName,
      id: definition.id,
      logicalId: definition.logicalId,
      name: definition.name,
      urls: [...definition.stages.keys()].map((stage) => (stage === '$default' ? listener.url : `${listener.url}/${stage}`)),
      routes: kind === 'REST'
        ? (definition as RestApiDefinition).methods.filter(({ httpMethod }) => httpMethod !== 'OPTIONS').length
        : (definition as HttpApiDefinition).routes.length,
    }));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.unused, ...[...this.apis.values()].map(({ listener }) => listener)].map((listener) => listener.stop()));
  }

  private async add(kind: Api['kind'], definition: Api['definition'], platform: GatewayPlatform, stackName: string): Promise<string> {
    // An API of a nested stack was not counted: any free port will do.
    if (this.unused.length === 0) await this.bind([0]);
    const listener = this.unused.shift()!;
    this.apis.set(definition.id, { kind, definition, platform, stackName, listener });
    return listener.url;
  }
}
