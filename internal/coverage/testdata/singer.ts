export interface Tune extends Sheet {
  name: string;
}

export type Sung = Tune;

class Bird {
  hidden(): void {
  }
}

export class Songbird {
  hum(tune: Tune): void {
  }
}

export class Singer extends Songbird {
  async sing<T>(
    tune: Tune,
  ): Promise<T> {
    return tune.dance();
  }
}
