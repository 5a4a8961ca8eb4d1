import { Metrics } from '../../../src/contract/metrics';
import type { Gauges } from '../../ports/gauges';

const KIB_PER_MIB = 1024;

/**
 * Reports the most memory that the process has held, as Lambda itself does at the end of an invocation: one system call. A function
 * that reaches its limit is killed and says nothing any more, so the level has to be known before.
 */
export function memoryGauge(gauges: Gauges, limitMebibytes: number, peakKibibytes: () => number = () => process.resourceUsage().maxRSS): () => void {
  return () => gauges.report(Metrics.MEMORY_USED, Math.round((1000 * peakKibibytes()) / (limitMebibytes * KIB_PER_MIB)) / 10);
}
