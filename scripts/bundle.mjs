// node scripts/bundle.mjs [--root DIR] [--out DIR] [--inputs FILE] [NAME...]: bundles each lambda/handlers/<name>/index.ts
// into assets/<name>/index.js, with a file beside it for each library that is loaded only when needed, and the local instance into assets/local/. What does not exist yet is skipped.
// --inputs: writes there, as JSON, which source files ended up in a bundle.
//
// The output must not depend on where the repository lies: CDK hashes it, and a hash that differs between two machines
// redeploys every function. So the settings are closed (tsconfigRaw) and every path is relative to the root.
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import esbuild from 'esbuild';

const { values, positionals } = parseArgs({
  options: { root: { type: 'string' }, out: { type: 'string' }, inputs: { type: 'string' }, quiet: { type: 'boolean' } },
  allowPositionals: true,
});
const root = path.resolve(values.root ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '..'));
const out = path.resolve(values.out ?? path.join(root, 'assets'));

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  // CommonJS output of ES module input: ESM output would load undici through node:http at start.
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  tsconfigRaw: '{}',
  sourcemap: false,
  logLevel: 'warning',
  // A require that esbuild cannot follow works here and fails in Lambda.
  logOverride: {
    'unsupported-dynamic-import': 'error',
    'unsupported-require-call': 'error',
    'indirect-require': 'error',
  },
};

/** @type {import('esbuild').BuildOptions} */
const lambda = {
  ...common,
  // See the file: Lambda has no other source of credentials than the environment.
  alias: { '@aws-sdk/credential-provider-node': './lambda/adapters/aws/environment-credentials.ts' },
  // The import() of what is a file beside the bundle becomes a require(), which does not start the loader of ES modules.
  supported: { 'dynamic-import': false },
  plugins: [leaveOutOfLambda(), besideTheBundle()],
};

/** @type {import('esbuild').BuildOptions} */
const local = {
  ...common,
  plugins: [bundleDynalite()],
};

/** Libraries that a function loads when it needs them, each a file beside the bundles that may. */
const BESIDE = ['bcryptjs'];

function besideTheBundle() {
  return {
    name: 'beside-the-bundle',
    setup(build) {
      build.onResolve({ filter: new RegExp(`^(${BESIDE.join('|')})$`) }, ({ path: name, kind }) => {
        if (kind === 'entry-point') return undefined;
        if (kind !== 'dynamic-import') return { errors: [{ text: `${name} is loaded by import(), or every start pays for it` }] };
        return { path: `./${name}.js`, external: true };
      });
    },
  };
}

/**
 * Parts of the SDK that a function can never use, replaced by what they would answer there. They are loaded by import(),
 * which also keeps esbuild from dropping the unused exports of everything they touch.
 */
function leaveOutOfLambda() {
  const parts = [
    // No operation we call streams events.
    ['event-streams/index', 'export const EventStreamSerde = undefined, eventStreamSerdeProvider = undefined;'],
    // Node always has its own SHA-256.
    ['checksum/sha256/Sha256Js', 'export const Sha256Js = undefined;'],
    // Lambda has no instance metadata; the region is in the environment.
    ['config/config-resolver/regionConfig/getInstanceMetadataRegion', 'export const getInstanceMetadataRegion = async () => undefined;'],
    // Only AWS_RETRY_MODE=adaptive would use it, which our functions never set.
    ['retry/util-retry/DefaultRateLimiter', 'export class DefaultRateLimiter {}'],
    // Lambda has no ~/.aws: two attempts to read it at each start, saved.
    ['config/shared-ini-file-loader/loadSharedConfigFiles',
      'export const CONFIG_PREFIX_SEPARATOR = ".", loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });'],
  ];
  const submodules = 'node_modules/@smithy/core/dist-es/submodules/';
  return {
    name: 'leave-out-of-lambda',
    setup(build) {
      for (const [part] of parts) {
        if (!existsSync(path.join(root, submodules, `${part}.js`))) throw new Error(`the SDK no longer has ${part}: look again`);
      }
      // Of its own manifest a client says name and version.
      build.onLoad({ filter: /[/\\]@aws-sdk[/\\][\w-]+[/\\]package\.json$/ }, (args) => {
        const { name, version } = JSON.parse(readFileSync(args.path, 'utf8'));
        return { contents: JSON.stringify({ name, version }), loader: 'json' };
      });
      // DynamoDB's endpoint discovery is off unless asked for, and no operation we call knows it.
      build.onLoad({ filter: /[/\\]middleware-endpoint-discovery[/\\]dist-es[/\\]index\.js$/ }, () => ({
        contents: `
          const never = () => undefined;
          export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { environmentVariableSelector: never, configFileSelector: never, default: undefined };
          export const resolveEndpointDiscoveryConfig = (config) => config;
        `,
        loader: 'js',
      }));
      // Made when they are loaded, they would keep Scan, which nothing here calls. Pages are asked for one by one.
      build.onLoad({ filter: /[/\\]lib-dynamodb[/\\]dist-es[/\\]pagination[/\\]index\.js$/ }, () => ({ contents: 'export {};', loader: 'js' }));
      // What a request belongs to, for tracing: the runtime's own store if it has one, else the SDK reads it from the environment.
      build.onLoad({ filter: /[/\\]@aws[/\\]lambda-invoke-store[/\\]dist-es[/\\]invoke-store\.js$/ }, () => ({
        contents: 'export const InvokeStore = { getInstanceAsync: async () => globalThis.awslambda?.InvokeStore };',
        loader: 'js',
      }));
      // It puts headers of events in order, and no operation we call streams any.
      build.onLoad({ filter: /[/\\]@smithy[/\\]signature-v4[/\\]dist-es[/\\]HeaderFormatter\.js$/ }, () => ({
        contents: 'export class HeaderFormatter {}; export class Int64 {}',
        loader: 'js',
      }));
      // The header by which AWS ends loops of functions that invoke each other through SQS, SNS or S3: none of ours calls those.
      build.onLoad({ filter: /[/\\]middleware-recursion-detection[/\\]recursionDetectionMiddleware\.js$/ }, () => ({
        contents: 'export const recursionDetectionMiddleware = () => (next) => next;',
        loader: 'js',
      }));
      // Which features of the SDK a call uses, put together and encoded for each call: the name of the SDK alone says who calls.
      build.onLoad({ filter: /[/\\]middleware-user-agent[/\\]user-agent-middleware\.js$/ }, () => ({
        contents: `
          const named = (next) => (args) => { args.request.headers['user-agent'] = 'aws-sdk-js/3'; return next(args); };
          export const userAgentMiddleware = () => named;
          export const getUserAgentMiddlewareOptions = { name: 'getUserAgentMiddleware', step: 'build', priority: 'low', override: true };
          export const getUserAgentPlugin = () => ({ applyToStack: (stack) => { stack.add(named, getUserAgentMiddlewareOptions); } });
        `,
        loader: 'js',
      }));
      build.onLoad({ filter: /[/\\]middleware-user-agent[/\\]configurations\.js$/ }, () => ({
        contents: 'export const DEFAULT_UA_APP_ID = undefined, resolveUserAgentConfig = (config) => config;', loader: 'js',
      }));
      build.onLoad({ filter: /[/\\]util-user-agent-node[/\\]defaultUserAgent\.js$/ }, () => ({
        contents: 'export const crtAvailability = {}, createDefaultUserAgentProvider = () => async () => [], defaultUserAgent = createDefaultUserAgentProvider;', loader: 'js',
      }));
      // Tokens are signed, never encrypted.
      build.onLoad({ filter: /[/\\]jose[/\\]dist[/\\]webapi[/\\]lib[/\\]jwe_algorithms\.js$/ }, () => ({
        contents: 'export const JWE = Object.create(null), jweAlgorithm = undefined, jweEncryption = undefined, isJWECEKTransport = undefined;', loader: 'js',
      }));
      // Errors of backups, exports, global tables and what else no function calls; registered, they would keep their schemas and classes.
      build.onLoad({ filter: /[/\\]client-dynamodb[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/ }, (args) => {
        const source = readFileSync(args.path, 'utf8');
        const contents = source.replace(ERRORS_OF_ADMINISTRATION, '');
        if (contents === source) throw new Error('the SDK no longer registers its errors this way: look again');
        return { contents, loader: 'js' };
      });
      // The names of the Regions are for display; which partition a Region belongs to, the pattern of the partition says.
      build.onLoad({ filter: /[/\\]util-endpoints[/\\]lib[/\\]aws[/\\]partitions\.js$/ }, async (args) => {
        const { partitionsInfo } = await import(pathToFileURL(args.path).href);
        return { contents: `export const partitionsInfo = ${JSON.stringify(withoutRegions(partitionsInfo))};`, loader: 'js' };
      });
      build.onLoad({ filter: /[/\\]@smithy[/\\]core[/\\]dist-es[/\\]submodules[/\\]/ }, (args) => {
        const file = args.path.replaceAll('\\', '/');
        const part = parts.find(([name]) => file.endsWith(`/submodules/${name}.js`));
        return part && { contents: part[1], loader: 'js' };
      });
    },
  };
}

const ERRORS_OF_ADMINISTRATION =
  /^n0_registry\.registerError\((?:Backup|ContinuousBackups|DuplicateItem|Export|GlobalTable|Import|Index|InvalidEndpoint|InvalidExport|InvalidRestore|LimitExceeded|PointInTime|Policy|Replica(?!ted)|ResourceInUse|Table)\w+\$, \w+\);$/gm;

function withoutRegions({ partitions, version }) {
  for (const { id, regions } of partitions) {
    for (const region of Object.keys(regions)) {
      const found = partitions.find(({ regionRegex }) => new RegExp(regionRegex).test(region))?.id;
      // No function runs in a pseudo Region such as aws-global.
      if (found !== id && !region.endsWith('-global')) throw new Error(`the SDK no longer tells the partition of ${region} by its name: look again`);
    }
  }
  return { partitions: partitions.map((partition) => ({ ...partition, regions: {} })), version };
}

/**
 * dynalite loads its actions by computed names, which esbuild follows once they end in .js; and it can store on disk
 * through a native addon, which no bundle can carry: the local instance keeps memory stores.
 */
function bundleDynalite() {
  return {
    name: 'bundle-dynalite',
    setup(build) {
      build.onLoad({ filter: /[/\\]dynalite[/\\]index\.js$/ }, (args) => {
        const source = readFileSync(args.path, 'utf8');
        const contents = source.replace(/require\('\.\/(actions|validations)\/' \+ action\)/g, "require('./$1/' + action + '.js')");
        if (contents === source) throw new Error('dynalite no longer loads its actions the way this plugin expects');
        return { contents, loader: 'js' };
      });
      build.onResolve({ filter: /^(level|classic-level)$/ }, (args) => ({ path: args.path, namespace: 'stub' }));
      build.onLoad({ filter: /.*/, namespace: 'stub' }, () => ({
        contents: 'exports.Level = class { constructor() { throw new Error("storage on disk is not bundled"); } };',
        loader: 'js',
      }));
    },
  };
}

function entries() {
  const found = [];
  const handlers = path.join(root, 'lambda', 'handlers');
  const names = existsSync(handlers) ? readdirSync(handlers).sort() : [];
  for (const name of names) {
    const entry = `lambda/handlers/${name}/index.ts`;
    if (existsSync(path.join(root, entry))) found.push({ name, entry, file: `${name}/index.js`, settings: lambda });
  }
  for (const [entry, file] of [['local/cli.ts', 'local/cli.js'], ['local/worker/bootstrap.ts', 'local/bootstrap.js']]) {
    if (existsSync(path.join(root, entry))) found.push({ name: 'local', entry, file, settings: local });
  }
  return positionals.length === 0 ? found : found.filter(({ name }) => positionals.includes(name));
}

async function bundle({ entry, file, settings }) {
  const outfile = path.join(out, file);
  const { metafile } = await esbuild.build({ ...settings, entryPoints: [entry], outfile, metafile: true });
  const [{ inputs, imports }] = Object.values(metafile.outputs);
  for (const [input, { bytesInOutput }] of Object.entries(inputs)) if (bytesInOutput > 0) bundled.add(input);
  const beside = BESIDE.filter((name) => imports.some((imported) => imported.external && imported.path === `./${name}.js`));
  const others = await Promise.all(beside.map((name) => bundle({ entry: name, file: path.join(path.dirname(file), `${name}.js`), settings: common })));
  return [[path.relative(root, outfile), statSync(outfile).size], ...others.flat()];
}

/** A handler that was removed must not linger in the package. */
function removeStale(wanted) {
  if (positionals.length > 0 || !existsSync(out)) return;
  const folders = new Set(wanted.map(({ file }) => path.dirname(file)));
  for (const name of readdirSync(out)) {
    if (!folders.has(name)) rmSync(path.join(out, name), { recursive: true, force: true });
  }
}

const bundled = new Set();
const wanted = entries();
removeStale(wanted);
const started = performance.now();
try {
  const sizes = (await Promise.all(wanted.map(bundle))).flat();
  if (values.inputs) writeFileSync(values.inputs, JSON.stringify([...bundled].sort()));
  if (!values.quiet) {
    for (const [file, size] of sizes) console.log(`${(size / 1024).toFixed(1).padStart(8)} KB  ${file}`);
    console.log(`${sizes.length} bundles in ${Math.round(performance.now() - started)} ms`);
  }
} catch (error) {
  if (!error.errors) console.error(error);
  process.exitCode = 1;
}
