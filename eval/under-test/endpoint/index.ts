/** An OpenAI-compatible endpoint as a model under test (README.md in the folder above). */
export { endpointIdentity, type EndpointIdentity } from './identity';
export { openEndpoint, type EndpointUnderTest } from './open';
export { endpointSettingsSchema, type EndpointSettings, type StoredEndpointSettings } from './settings';
