import type { ChannelKind, ProviderRef } from './channel.ts';

export const DELIVERY_KINDS = ['asked', 'reminded', 'escalated', 'updated', 'digest', 'alert'] as const;
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

/** One notice to one address, as it is stored. */
export interface Delivery {
  readonly id: string;
  readonly workspaceId: string;
  /** Absent: a digest. */
  readonly approvalId?: string;
  readonly kind: DeliveryKind;
  readonly channel: ChannelKind;
  /** Absent: a room that many read. */
  readonly personId?: string;
  readonly address: string;
  readonly attempts: number;
  readonly inDoubt: number;
  readonly providerRef?: ProviderRef;
  readonly createdAt: Date;
}

export interface DeliveryRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly approval_id: string | null;
  readonly kind: DeliveryKind;
  readonly channel: ChannelKind;
  readonly person_id: string | null;
  readonly address: string;
  readonly attempts: number;
  readonly in_doubt: number;
  readonly provider_ref: ProviderRef | null;
  readonly created_at: Date;
}

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    ...(row.approval_id === null ? {} : { approvalId: row.approval_id }),
    ...{ kind: row.kind, channel: row.channel, address: row.address, attempts: row.attempts, inDoubt: row.in_doubt },
    ...(row.person_id === null ? {} : { personId: row.person_id }),
    ...(row.provider_ref === null ? {} : { providerRef: row.provider_ref }),
    createdAt: row.created_at,
  };
}
