import { IncomingMessage } from 'node:http';

/** Why a request is refused, or undefined when it is served. */
export type Admission = (request: IncomingMessage) => string | undefined;

/** A name that only ever leads to this machine, so that no owner of a domain can point it elsewhere. */
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * For what only programs call: AWS's endpoints, the control API, the runtime API. A web page that the developer visits must reach
 * none of it: not by a request of its own, which carries an Origin or Sec-Fetch-Site, nor under a name that its owner has
 * pointed to the loopback interface (DNS rebinding). What a person types into the address bar is served.
 */
export const programsOnly: Admission = (request) => {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined || (site !== undefined && site !== 'none')) return 'the local instance answers no web page here';
  const foreign = hostsOf(request).find((host) => !LOOPBACK_NAMES.has(nameOf(host) ?? ''));
  return foreign === undefined ? undefined : `the local instance does not answer as ${quoted(foreign)}, only as localhost, 127.0.0.1 or [::1]`;
};

/**
 * For gateways, which web pages call: any Origin, but only under a name of this machine or of the app, as API Gateway and CloudFront
 * know an API by its host names. Otherwise a page whose owner points its name here could read answers as its own.
 */
export function underNames(isOfTheApp: (name: string) => boolean): Admission {
  return (request) => {
    const foreign = hostsOf(request).find((host) => {
      const name = nameOf(host);
      return name === undefined || !(isOfThisMachine(name) || isOfTheApp(name));
    });
    return foreign === undefined ? undefined : `no API of the app is called ${quoted(foreign)}`;
  };
}

/** An address cannot be pointed elsewhere; names below `localhost` are the loopback interface's (RFC 6761, section 6.3). */
function isOfThisMachine(name: string): boolean {
  return LOOPBACK_NAMES.has(name) || name.endsWith('.localhost') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || /^\[[0-9a-f:.]+\]$/.test(name);
}

/** Every Host header, since a second one could be what somebody behind goes by. */
function hostsOf({ rawHeaders }: IncomingMessage): string[] {
  const hosts = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === 'host');
  return hosts.length === 0 ? [''] : hosts;
}

/** The name of `name[:port]` in lower case; undefined for what is not of that form. */
function nameOf(host: string): string | undefined {
  return /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/.exec(host.toLowerCase())?.[1];
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 100));
