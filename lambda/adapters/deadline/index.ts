export { RequestDeadline, requestDeadline } from './request-deadline';
export { endingWithTheRequest } from './sdk-client';
