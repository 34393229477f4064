/** What tests use of it; the package brings no types. */
declare module '@usebruno/lang' {
  interface Pair {
    readonly name: string;
    readonly value: string;
    readonly enabled: boolean;
  }
  export function bruToJsonV2(text: string): {
    readonly meta: { readonly name: string; readonly type: string; readonly seq: string };
    readonly http: { readonly method: string; readonly url: string; readonly body: string; readonly auth: string };
    readonly params?: readonly Pair[];
    readonly headers?: readonly Pair[];
    readonly body?: { readonly json?: string };
    readonly docs: string;
  };
  export function collectionBruToJson(text: string): {
    readonly meta?: { readonly name: string; readonly seq?: string };
    readonly auth: {
      readonly mode: string;
      readonly apikey?: { readonly key: string; readonly value: string; readonly placement: string };
    };
    readonly docs?: string;
  };
  export function bruToEnvJsonV2(text: string): {
    readonly variables: readonly (Pair & { readonly secret: boolean })[];
  };
}
