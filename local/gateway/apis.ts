import { FirewallRegistry } from '../firewall/firewall';
import { CloudFrontRegistry } from './cloudfront/cloudfront-registry';
import { Distribution } from './cloudfront/definition';
import { DistributionGateway } from './cloudfront/distribution-gateway';
import { CustomDomain, DomainGateway } from './domain/domain-gateway';
import { HttpApiDefinition } from './http/definition';
import { HttpGateway } from './http/http-gateway';
import { GatewayPlatform } from './invoker';
import { Gateway, Listener, ServedRequest } from './listener';
import { ClosedGateway } from './closed-gateway';
import { RestApiDefinition } from './rest/definition';
import { RestGateway } from './rest/rest-gateway';

export interface ApiSummary {
  readonly kind: 'REST' | 'HTTP' | 'CloudFront' | 'domain';
  readonly id: string;
  readonly logicalId: string;
  /** Name of the API, or the domain of the distribution or custom domain. */
  readonly name: string;
  readonly stackName: string;
  /** One for each stage, without a trailing slash. */
  readonly urls: readonly string[];
  readonly routes: number;
  /** Names of the APIs behind a distribution or custom domain. */
  readonly before?: readonly string[];
  /** The API answers only behind a custom domain. */
  readonly closed?: true;
}

interface Api {
  readonly kind: 'REST' | 'HTTP';
  readonly definition: RestApiDefinition | HttpApiDefinition;
  readonly listener: Listener;
  readonly platform: GatewayPlatform;
  readonly stackName: string;
}

/** A port that leads to APIs. */
interface Front<T> {
  readonly subject: T;
  readonly listener: Listener;
}

/** The APIs of the instance with what stands before them, each on a port of its own so that paths are the same as on AWS. */
export class ApiRegistry {
  readonly cloudFront = new CloudFrontRegistry();
  private readonly apis = new Map<string, Api>();
  private readonly gateways = new Map<string, Gateway>();
  private readonly distributions = new Map<string, Front<Distribution>>();
  private readonly domains = new Map<string, Front<CustomDomain>>();
  /** Ports by the key of the resource that will take them. */
  private readonly reserved = new Map<string, Listener>();
  /** Ports by host name. */
  private readonly hosts = new Map<string, Listener>();

  constructor(
    private readonly now: () => number,
    private readonly firewall: FirewallRegistry,
    private readonly onServed: (api: string, served: ServedRequest) => void,
  ) {}

  /** Takes a port for each resource that will need one. Rejects with a `UserError` when one is in use. */
  async bind(keys: readonly string[], portOf: (index: number) => number): Promise<void> {
    for (const [index, key] of keys.entries()) {
      const listener = new Listener(this.now, (host) => this.portOf(host) !== undefined);
      await listener.bind(portOf(index));
      this.reserved.set(key, listener);
    }
  }

  /** From now on `https://<host>` becomes the address of the port that the resource has. */
  announce(host: string, key: string): void {
    const listener = this.reserved.get(key);
    if (listener) this.hosts.set(host.toLowerCase(), listener);
  }

  /** @returns the address of the API's port. */
  addRest(key: string, definition: RestApiDefinition, platform: GatewayPlatform, stackName: string): Promise<string> {
    return this.add(key, 'REST', definition, platform, stackName);
  }

  addHttp(key: string, definition: HttpApiDefinition, platform: GatewayPlatform, stackName: string): Promise<string> {
    return this.add(key, 'HTTP', definition, platform, stackName);
  }

  async addDistribution(key: string, distribution: Distribution): Promise<void> {
    const listener = await this.listenerFor(key);
    this.distributions.set(distribution.id, { subject: distribution, listener });
    for (const host of [distribution.domainName, ...distribution.definition.aliases]) this.hosts.set(host.toLowerCase(), listener);
  }

  async addDomain(key: string, domain: CustomDomain): Promise<void> {
    const listener = await this.listenerFor(key);
    this.domains.set(domain.name, { subject: domain, listener });
    this.hosts.set(domain.name.toLowerCase(), listener);
  }

  rest(apiId: string): RestApiDefinition | undefined {
    const api = this.apis.get(apiId);
    return api?.kind === 'REST' ? (api.definition as RestApiDefinition) : undefined;
  }

  http(apiId: string): HttpApiDefinition | undefined {
    const api = this.apis.get(apiId);
    return api?.kind === 'HTTP' ? (api.definition as HttpApiDefinition) : undefined;
  }

  domain(name: string): CustomDomain | undefined {
    return this.domains.get(name)?.subject;
  }

  /** `https://<host>` becomes the address of the port of what has that name in the app, wherever it stands in a text. */
  rewrite(text: string): string {
    if (!text.includes('https://')) return text;
    return text.replaceAll(/https:\/\/([A-Za-z0-9.-]+)(?![\w.:-])/g, (whole, host: string) => this.portOf(host)?.url ?? whole);
  }

  /** All resources exist: requests are answered from now on. */
  async open(): Promise<void> {
    await Promise.all([...this.reserved.values()].map((listener) => listener.stop()));
    for (const [id, api] of this.apis) {
      const gateway = this.gatewayOf(api);
      this.gateways.set(id, gateway);
      const answering = api.definition.closed ? new ClosedGateway(api.kind) : gateway;
      this.openPort(api.listener, api.definition.logicalId, answering);
    }
    for (const { subject, listener } of this.domains.values()) {
      this.openPort(listener, subject.logicalId, new DomainGateway(subject, (apiId) => this.gateways.get(apiId)));
    }
    for (const { subject, listener } of this.distributions.values()) {
      this.openPort(listener, subject.logicalId, new DistributionGateway(subject, {
        now: this.now,
        firewall: (webAclArn) => this.firewall.byArn(webAclArn),
        viewerFunction: (arn) => this.cloudFront.functions.get(arn),
        responseHeaders: (policyId) => this.cloudFront.responseHeaders.get(policyId),
        forwarding: (behavior, method) => this.cloudFront.forwarding(behavior, method),
        origin: (host) => this.portOf(host),
      }));
    }
  }

  /** What a person calls first comes first. */
  summaries(): ApiSummary[] {
    return [
      ...[...this.distributions.values()].map((front) => this.summaryOfDistribution(front)),
      ...[...this.domains.values()].map((front) => this.summaryOfDomain(front)),
      ...[...this.apis.values()].map((api) => this.summaryOfApi(api)),
    ];
  }

  async stop(): Promise<void> {
    const fronts = [...this.apis.values(), ...this.domains.values(), ...this.distributions.values()];
    await Promise.all([...this.reserved.values(), ...fronts.map(({ listener }) => listener)].map((listener) => listener.stop()));
  }

  private gatewayOf({ kind, definition, platform }: Api): Gateway {
    if (kind === 'HTTP') return new HttpGateway(definition as HttpApiDefinition, platform);
    return new RestGateway(definition as RestApiDefinition, platform, (stage) =>
      this.firewall.of(`arn:${platform.partition}:apigateway:${platform.region}::/restapis/${definition.id}/stages/${stage}`));
  }

  private openPort(listener: Listener, name: string, gateway: Gateway): void {
    listener.open(gateway, (served) => this.onServed(name, served));
  }

  private portOf(host: string): Listener | undefined {
    const [, apiId] = /^([a-z0-9]{10})\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.exec(host) ?? [];
    return apiId === undefined ? this.hosts.get(host.toLowerCase()) : this.apis.get(apiId)?.listener;
  }

  private async add(key: string, kind: Api['kind'], definition: Api['definition'], platform: GatewayPlatform, stackName: string): Promise<string> {
    const listener = await this.listenerFor(key);
    this.apis.set(definition.id, { kind, definition, platform, stackName, listener });
    return listener.url;
  }

  private async listenerFor(key: string): Promise<Listener> {
    // Not found in the templates beforehand: any free port will do.
    if (!this.reserved.has(key)) await this.bind([key], () => 0);
    const listener = this.reserved.get(key)!;
    this.reserved.delete(key);
    return listener;
  }

  private summaryOfApi({ kind, definition, listener, stackName }: Api): ApiSummary {
    const { id, logicalId, name, stages, closed } = definition;
    const own = [...stages.keys()].map((stage) => (stage === '$default' ? listener.url : `${listener.url}/${stage}`));
    return {
      kind, stackName, id, logicalId, name,
      urls: closed ? this.urlsOfDomainsBefore(id) : own,
      routes: this.routesOf(definition),
      ...(closed ? { closed } : {}),
    };
  }

  private urlsOfDomainsBefore(apiId: string): string[] {
    return [...this.domains.values()].flatMap(({ subject, listener }) =>
      subject.mappings.filter((mapping) => mapping.apiId === apiId).map(({ basePath }) => withPath(listener.url, basePath)));
  }

  private summaryOfDomain({ subject, listener }: Front<CustomDomain>): ApiSummary {
    const { logicalId, name, stackName, mappings } = subject;
    const behind = mappings.flatMap(({ apiId }) => this.apis.get(apiId) ?? []);
    return {
      kind: 'domain', id: name, logicalId, name, stackName,
      urls: mappings.map(({ basePath }) => withPath(listener.url, basePath)),
      ...this.behind(behind),
    };
  }

  private summaryOfDistribution({ subject, listener }: Front<Distribution>): ApiSummary {
    const { id, logicalId, stackName, domainName, definition } = subject;
    const behind = [...definition.origins.values()].flatMap(({ domainName: host, path }) =>
      [...this.apis.values()].filter((api) => api.listener === this.portOf(host)).map((api) => ({ api, path })));
    // An origin path takes the place of the stage.
    const paths = behind.flatMap(({ api, path }) => (path === '' ? [...api.definition.stages.keys()] : ['$default']));
    const urls = paths.map((path) => withPath(listener.url, path === '$default' ? '' : path));
    return {
      kind: 'CloudFront', id, logicalId, stackName,
      name: definition.aliases[0] ?? domainName,
      urls: urls.length === 0 ? [listener.url] : [...new Set(urls)],
      ...this.behind(behind.map(({ api }) => api)),
    };
  }

  private behind(apis: readonly Api[]): Pick<ApiSummary, 'routes' | 'before'> {
    const different = [...new Set(apis)];
    return {
      routes: different.reduce((total, { definition }) => total + this.routesOf(definition), 0),
      before: different.map(({ definition }) => definition.name),
    };
  }

  private routesOf(definition: Api['definition']): number {
    return 'methods' in definition ? definition.methods.filter(({ httpMethod }) => httpMethod !== 'OPTIONS').length : definition.routes.length;
  }
}

function withPath(url: string, path: string): string {
  return path === '' ? url : `${url}/${path}`;
}
