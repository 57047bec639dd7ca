export { classifyHost, isMetadataAddress, isPublicAddress, type HostClass } from './classify.ts';
export { fetchGuarded, isAllowlisted, type OutboundRequest, type OutboundResponse } from './outbound.ts';
