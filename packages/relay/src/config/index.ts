export { ConfigError } from './config-error.ts';
export { type Environment, readConfig } from './read-config.ts';
export { readSecrets } from './read-secrets.ts';
export { type AppserviceRegistration, newRegistration } from './registration.ts';
export { RelayConfig, type RelaySecrets } from './relay-config.ts';
export { SECTIONS, type Section, type Setting } from './settings.ts';
