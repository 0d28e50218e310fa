/** Who gives blocks, as delegated routing says it (the `peer` schema). */
export interface ProviderRecord {
  readonly Schema: 'peer';
  readonly ID: string;
  /** Multiaddrs. */
  readonly Addrs: readonly string[];
  readonly Protocols: readonly string[];
}

/** What is left of a record for whoever asked for certain protocols and networks only (IPIP-484); `null` where nothing is. */
export function filteredRecord(record: ProviderRecord, query: URLSearchParams): ProviderRecord | null {
  const protocols = wordsOf(query.get('filter-protocols'));
  if (protocols.length > 0 && !record.Protocols.some((protocol) => protocols.includes(protocol))) return null;
  const networks = wordsOf(query.get('filter-addrs'));
  if (networks.length === 0) return record;
  const unwanted = networks.filter((word) => word.startsWith('!')).map((word) => word.slice(1));
  const wanted = networks.filter((word) => !word.startsWith('!'));
  const addresses = record.Addrs.filter((address) => {
    const names = address.split('/');
    const isWanted = wanted.length === 0 || wanted.some((word) => names.includes(word));
    return isWanted && !unwanted.some((word) => names.includes(word));
  });
  return addresses.length === 0 ? null : { ...record, Addrs: addresses };
}

function wordsOf(list: string | null): readonly string[] {
  return (list ?? '')
    .toLowerCase()
    .split(',')
    .filter((word) => word !== '');
}
