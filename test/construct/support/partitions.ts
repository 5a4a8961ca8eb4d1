/** What of a Region's partition stands in names: of ARNs, and of hosts. */
interface Partition {
  readonly name: string;
  readonly suffix: string;
}

/** Undefined in a stack that can be deployed anywhere: there both are references. */
function partitionOf(region?: string): Partition | undefined {
  if (region === undefined) return undefined;
  if (region.startsWith('cn-')) return { name: 'aws-cn', suffix: 'amazonaws.com.cn' };
  return { name: region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws', suffix: 'amazonaws.com' };
}

/** Names of services are the same in every partition; one with its Region ends as the hosts there do. */
const PRINCIPAL = { path: /\.Principal(\.Service)?(\.\d+|\.Fn::Join\.1\.\d+)?$/, text: /^[a-z-]+\.amazonaws\.com$/ };

/** Further places where a name is the same everywhere. */
const SAME_EVERYWHERE: readonly { readonly path: RegExp; readonly text: RegExp }[] = [
  // Paths of roles that belong to services.
  { path: /\.(RoleARN|IamRoleArn)\b/, text: /role\/aws-service-role\/[a-z.-]+\.amazonaws\.com\// },
  // What endpoints are for.
  { path: /\.ServiceName\b/, text: /^com\.amazonaws\./ },
  // CDK's own statement in the policy of a key, beside the identity policies that count.
  { path: /\.KeyPolicy\..*\.kms:ViaService\b/, text: /\.amazonaws\.com$/ },
];

/** Whatever names a partition that is not that of the Region, as `path: text`. */
export function misplaced(template: unknown, region?: string): string[] {
  const partition = partitionOf(region);
  const found: string[] = [];
  walk(template, '', (path, text) => {
    const arns = [...text.matchAll(/\barn:(aws[a-z-]*):/g)].map(([, name]) => name);
    const hosts = [...text.matchAll(/amazonaws\.com(\.cn)?/g)].map(([host]) => host);
    const wrongArn = arns.some((name) => name !== partition?.name);
    const wrongHost = PRINCIPAL.path.test(path)
      ? hosts.length > 0 && !PRINCIPAL.text.test(text)
      : hosts.some((host) => host !== partition?.suffix) && !SAME_EVERYWHERE.some((place) => place.path.test(path) && place.text.test(text));
    if (wrongArn || wrongHost || /console\.(aws\.amazon|amazonaws)/.test(text)) found.push(`${path}: ${text}`);
  });
  return found;
}

function walk(value: unknown, path: string, visit: (path: string, text: string) => void): void {
  if (typeof value === 'string') {
    visit(path, value);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) walk(child, path === '' ? key : `${path}.${key}`, visit);
  }
}
