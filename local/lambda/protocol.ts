/** What the runtime API server and the worker bootstrap agree on beyond AWS's own runtime API. */

/** Header of each invocation: offset of the function's clock from real time in milliseconds. */
export const CLOCK_OFFSET_HEADER = 'local-clock-offset-ms';
/** Environment variable with the offset at init; the bootstrap removes it before it loads the function. */
export const CLOCK_OFFSET_VARIABLE = 'LOCAL_CLOCK_OFFSET_MS';
/**
 * A line on stdout that starts so says that everything the invocation wrote before its answer has been read. The id of the request follows, then
 * the processor time that it took in microseconds.
 */
export const END_OF_INVOCATION = '\u0000end ';
/** Path under which answers of custom resources arrive. */
export const CUSTOM_RESOURCE_PATH = '/custom-resource-response/';
/** Version segment of Lambda's runtime API. */
export const RUNTIME_API_VERSION = '2018-06-01';
