import { composeRotateKeys } from '../../composition/rotate-keys';
import { createHandler } from './handler';

export const handler = createHandler(composeRotateKeys());
