import { MemoryTables } from '../../lambda/adapters/memory';
import { memoryStores } from '../lambda/support/world';
import { describeStores } from './suites';

describeStores('memory', async () => memoryStores(new MemoryTables()));
