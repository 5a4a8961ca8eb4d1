import { composeAdmin } from '../../composition/admin';
import { createHandler } from './handler';

export const handler = createHandler(composeAdmin());
