import { composeAuthorizer } from '../../composition/authorizer';
import { createHandler } from './handler';

export const handler = createHandler(composeAuthorizer());
