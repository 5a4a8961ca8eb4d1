export { createSecretsManagerClient } from './client';
export { SecretsManagerSecret } from './versioned-secret';
