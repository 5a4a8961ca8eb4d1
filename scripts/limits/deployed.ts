import type { Made } from '../settings/resources.ts';
import { resourcesOf } from '../settings/resources.ts';

/** What a service with the defaults has in its template, where the limits that a team can set become real. */
export class Deployed {
  private readonly resources: readonly Made[] = Object.values(resourcesOf());

  /** A number that the functions are given. */
  setting(variable: string): number {
    const values = new Set(this.ofType('AWS::Lambda::Function').map(({ Properties }) => Properties.Environment?.Variables?.[variable]).filter((value) => value !== undefined));
    return only(variable, [...values].map(Number));
  }

  /** Requests a minute and source address that a rule of the web ACL lets through. */
  rate(rule: string): number {
    const rules = this.ofType('AWS::WAFv2::WebACL').flatMap(({ Properties }) => Properties.Rules as { Name: string; Statement: any }[]);
    return only(rule, rules.filter(({ Name }) => Name === rule).map(({ Statement }) => Statement.RateBasedStatement.Limit));
  }

  /** Of a stage, `*` `/*`, or of one route: requests a second, and at once. */
  throttle(method: string, path: string): readonly [rate: number, burst: number] {
    const settings = this.ofType('AWS::ApiGateway::Stage').flatMap(({ Properties }) => Properties.MethodSettings as Record<string, any>[]);
    const escaped = path === '/*' ? path : `/${path.replaceAll('/', '~1')}`;
    const found = settings.filter(({ HttpMethod, ResourcePath }) => HttpMethod === method && ResourcePath === escaped);
    return [only(path, found.map(({ ThrottlingRateLimit }) => ThrottlingRateLimit)), only(path, found.map(({ ThrottlingBurstLimit }) => ThrottlingBurstLimit))];
  }

  /** Seconds that a function has, by the beginning of its description. */
  timeout(description: string): number {
    return only(description, this.ofType('AWS::Lambda::Function').filter(({ Properties }) => Properties.Description?.startsWith(description)).map(({ Properties }) => Properties.Timeout));
  }

  private ofType(type: string): Made[] {
    return this.resources.filter(({ Type }) => Type === type);
  }
}

function only(what: string, values: readonly number[]): number {
  if (values.length !== 1 || !Number.isFinite(values[0])) throw new Error(`${what} must be one number, got ${JSON.stringify(values)}`);
  return values[0]!;
}
