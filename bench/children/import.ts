// FILE: processor and wall time of loading a function, with the clients that it makes at its start.
import { createRequire } from 'node:module';

const file = process.argv[2]!;
const require = createRequire(file);
const before = process.cpuUsage();
const started = performance.now();
require(file);
const wall = performance.now() - started;
const { user, system } = process.cpuUsage(before);
const processor = (user + system) / 1000;
process.stdout.write(`\n${JSON.stringify({ processor, wall })}\n`, () => process.exit(0));
