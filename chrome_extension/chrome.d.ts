/** The few calls of Chrome's extension API that are used here; the whole API is not needed. */
declare namespace chrome {
  interface Event<Listener> {
    addListener(listener: Listener): void;
  }
  namespace runtime {
    const onInstalled: Event<() => void>;
    const onStartup: Event<() => void>;
  }
  namespace sidePanel {
    function setOptions(options: { tabId: number; path?: string; enabled: boolean }): Promise<void>;
    function setPanelBehavior(behavior: { openPanelOnActionClick: boolean }): Promise<void>;
  }
  namespace storage {
    const local: {
      get(key: string): Promise<Record<string, unknown>>;
      set(items: Record<string, unknown>): Promise<void>;
    };
  }
  namespace tabs {
    interface Tab {
      id?: number;
      url?: string;
    }
    function get(tabId: number): Promise<Tab>;
    function query(filter: Record<string, never>): Promise<Tab[]>;
    const onUpdated: Event<(tabId: number, change: { url?: string }, tab: Tab) => void>;
  }
}
