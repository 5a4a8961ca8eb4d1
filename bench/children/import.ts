// FILE: processor time of loading a function, with the clients that it makes at its start.
import { createRequire } from 'node:module';

const file = process.argv[2]!;
const require = createRequire(file);
const before = process.cpuUsage();
require(file);
const { user, system } = process.cpuUsage(before);
const milliseconds = (user + system) / 1000;
process.stdout.write(`\n${JSON.stringify({ milliseconds })}\n`, () => process.exit(0));
