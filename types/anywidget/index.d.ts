type Awaitable<T> = T | Promise<T>;
type ObjectHash = Record<string, any>;
type EventHandler = (...args: any[]) => void;
/**
 * Autocomplete works for literal string unions, but adding a union
 * of `string` negates autocomplete entirely. This is a workaround
 * to provide autocomplete but still allow any string.
 *
 * @see https://github.com/microsoft/TypeScript/issues/29729
 */
type LiteralUnion<T, U = string> = T | (U & {});
interface WidgetManager {
    /**
     * Get a promise for a model by model id.
     */
    get_model<T extends ObjectHash>(model_id: string): Promise<AnyModel<T>>;
}
export interface AnyModel<T extends ObjectHash = ObjectHash> {
    get<K extends keyof T>(key: K): T[K];
    set<K extends keyof T>(key: K, value: T[K]): void;
    off<K extends keyof T>(eventName?: LiteralUnion<`change:${K & string}` | "msg:custom"> | null, callback?: EventHandler | null): void;
    on(eventName: "msg:custom", callback: (msg: any, buffers: DataView[]) => void): void;
    on(eventName: `change:${string}`, callback: () => void): void;
    on(eventName: string, callback: EventHandler): void;
    save_changes(): void;
    send(content: any, callbacks?: any, buffers?: ArrayBuffer[] | ArrayBufferView[]): void;
    widget_manager: WidgetManager;
}
export type Experimental = {
    invoke: <T>(name: string, msg?: any, options?: {
        buffers?: DataView[];
        signal?: AbortSignal;
    }) => Promise<[T, DataView[]]>;
};
export interface ResolvedWidget<T = unknown> {
    exports: T;
    render(opts: {
        el: HTMLElement;
        signal?: AbortSignal;
    }): Promise<void>;
}
export interface Host {
    getWidget<T = unknown>(ref: string): Promise<ResolvedWidget<T>>;
    getModel<T extends ObjectHash = ObjectHash>(ref: string): Promise<AnyModel<T>>;
}
export interface RenderProps<T extends ObjectHash = ObjectHash> {
    model: AnyModel<T>;
    el: HTMLElement;
    signal: AbortSignal;
    host: Host;
    experimental: Experimental;
}
export interface Render<T extends ObjectHash = ObjectHash> {
    (props: RenderProps<T>): Awaitable<void | (() => Awaitable<void>)>;
}
export interface InitializeProps<T extends ObjectHash = ObjectHash> {
    model: AnyModel<T>;
    signal: AbortSignal;
    experimental: Experimental;
}
export interface Initialize<T extends ObjectHash = ObjectHash> {
    (props: InitializeProps<T>): Awaitable<void | (() => Awaitable<void>) | object>;
}
interface WidgetDef<T extends ObjectHash = ObjectHash> {
    initialize?: Initialize<T>;
    render?: Render<T>;
}
export type AnyWidget<T extends ObjectHash = ObjectHash> = WidgetDef<T> | (() => Awaitable<WidgetDef<T>>);
export {};
