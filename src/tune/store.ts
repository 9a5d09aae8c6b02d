/** Where a tuner remembers: handed in by whoever has a place for it. Values are short JSON texts, keys a hundred characters. */

export interface TuningStore {
  get(key: string): Promise<string | null> | string | null;
  set(key: string, value: string): Promise<void> | void;
}

/** For as long as the page or the process lives. */
export function memoryStore(): TuningStore {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
  };
}

/** A page's `localStorage`, or anything like it. Workers have none: see `databaseStore`. */
export function storageStore(storage: Pick<Storage, 'getItem' | 'setItem'>): TuningStore {
  return {
    get: (key) => storage.getItem(key),
    set: (key, value) => storage.setItem(key, value),
  };
}

/** IndexedDB, which pages and workers share: one object store in a database of this name. */
export function databaseStore(name = 'cusp-tuning'): TuningStore {
  const TABLE = 'choices';
  const opened = new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error(`no database '${name}'`));
  });
  // Whoever asks first hears of it.
  opened.catch(() => undefined);
  const ask = async <T>(
    mode: IDBTransactionMode,
    make: (table: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const request = make((await opened).transaction(TABLE, mode).objectStore(TABLE));
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error(`database '${name}' failed`));
    });
  };
  return {
    get: async (key) =>
      (await ask('readonly', (table) => table.get(key) as IDBRequest<string | undefined>)) ?? null,
    set: async (key, value) => void (await ask('readwrite', (table) => table.put(value, key))),
  };
}
