import type { Bifrons, DeviceInfo } from "bifrons";

/** What cameras and microphones there are. It follows what is plugged in and out. */
export class Devices {
  readonly #changed: (() => void)[] = [];
  #known: readonly DeviceInfo[] = [];

  get known(): readonly DeviceInfo[] {
    return this.#known;
  }

  /** Calls f now and whenever there are others. */
  watch(f: () => void): void {
    this.#changed.push(f);
    f();
  }

  /** Lists them again; after a permission was given they have names. */
  async refresh(bifrons: Bifrons): Promise<void> {
    this.#set(await bifrons.devices());
  }

  /** Follows them for as long as the page is there. */
  async follow(bifrons: Bifrons): Promise<void> {
    for await (const devices of bifrons.deviceChanges()) this.#set(devices);
  }

  #set(devices: readonly DeviceInfo[]): void {
    this.#known = devices;
    for (const f of this.#changed) f();
  }
}
