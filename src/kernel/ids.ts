declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type WorkspaceId = Id<'workspace'>;
export type PersonId = Id<'person'>;
export type AgentId = Id<'agent'>;
