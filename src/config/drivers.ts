/** What the drivers of a program add: settings of their own, and their services, whose origins can be replaced. */
export interface DriverVariables {
  readonly settings: readonly DriverSetting[];
  readonly services: readonly DriverService[];
}

export interface DriverSetting {
  readonly gateway: string;
  /** Key in the gateway's settings. */
  readonly name: string;
  readonly variable: string;
  readonly words: readonly string[];
  readonly fallback: string;
  readonly meaning: string;
}

export interface DriverService {
  /** Key in `Config.origins`, and part of the variable's name. */
  readonly key: string;
  /** Whose origin is replaced. */
  readonly name: string;
}
