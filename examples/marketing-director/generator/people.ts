import type { Random } from './random.ts';

/** An invented person at an invented company. */
export interface Person {
  readonly email: string;
  readonly company: string;
  /** Empty when the form did not ask for it. */
  readonly phone: string;
}

const firstNames = words(
  `Ada Alma Amir Anja Anton Arne Astrid Bela Birgit Bruno Carla Cem Clara Daria David Edda Elif Emil Erik Esra Eva Felix
  Finn Frieda Georg Greta Hakan Hanna Heidi Ida Ingo Irina Jana Jens Jonas Karin Katja Kai Lara Lars Lea Leon Lina Lotte
  Maja Malte Marta Mehmet Mila Moritz Nele Nico Nora Olga Oskar Paula Petra Rahel Ralf Rosa Sami Selma Sven Tarek Thea
  Tilo Ulla Uwe Vera Viktor Wanda Yara Yusuf Zoe`,
);
const lastNames = words(
  `Adler Albers Arslan Bachmann Bartsch Behrens Berger Bock Brandt Busch Celik Conrad Decker Demir Dietz Ebert Engel
  Ernst Fiedler Frank Freitag Geiger Gerlach Graf Gruber Haas Hansen Heller Herzog Hoffmann Huber Jahn Janssen Kaiser
  Keller Kirsch Klein Koch Kowalski Kraus Kuhn Lang Lehmann Lindner Lorenz Ludwig Maier Marx Meinert Moser Nagel Neumann
  Novak Oster Otto Pape Peters Pohl Raabe Reuter Richter Ritter Roth Sauer Schade Schilling Seidel Simon Sommer Stark
  Thiel Thomas Ulrich Vogt Wagner Walter Weiss Wendt Winkler Yilmaz Ziegler Zimmer`,
);
const stems = words(
  `Aldo Amber Argo Arvo Basal Bergo Birka Boreo Brava Calo Carbo Cirro Corvo Delta Dorno Duno Elba Enso Ferro Filo Fjord
  Galba Gneis Hafen Helio Hydra Indo Isar Juno Kaldo Karst Kobalt Kupra Lago Linde Lumo Magno Mira Monto Nauta Neon Nordo
  Octa Opal Orbi Parvo Pinus Quarz Regio Rhena Rondo Salva Sento Silva Solvo Taiga Tekto Terra Tondo Ursa Valo Vento
  Vireo Volta Werra Xylo Zephyr Zinko`,
);
const endings = words(
  `bau chem dat druck energie fab glas hof holz kraft labor lack log mess metall min netz optik pack pharm plan plast pump
  stahl stoff tech textil trans verde vita wald werk zeug zink`,
);
const legalForms = words('GmbH GmbH GmbH AG KG SE');
/** Numbers the German regulator keeps free for invented people (Berlin, Frankfurt, Hamburg, Cologne, Munich). */
const areas = words('+493023125 +496990009 +494066969 +492214710 +498999998');

/** Gives out invented people; no two of one register share an address, a phone or, by chance, a name at one company. */
export function openRegister(random: Random): () => Person {
  const taken = new Set<string>();
  const numbers = areas.flatMap((area) =>
    Array.from({ length: 1_000 }, (_, i) => area + String(i).padStart(3, '0')),
  );
  for (let i = numbers.length - 1; i > 0; i--) {
    const j = random.integer(0, i);
    [numbers[i], numbers[j]] = [numbers[j]!, numbers[i]!];
  }
  let calls = 0;
  return () => {
    for (;;) {
      const name = random.pick(stems) + random.pick(endings);
      const address = `${random.pick(firstNames)}.${random.pick(lastNames)}@${name}.example`.toLowerCase();
      if (taken.has(address)) continue;
      taken.add(address);
      // Each number comes round again after 5,000 calls, more than a year later: nobody is taken for a duplicate.
      const phone = random.chance(0.7) ? numbers[calls++ % numbers.length]! : '';
      return { email: address, company: `${name} ${random.pick(legalForms)}`, phone };
    }
  };
}

function words(text: string): [string, ...string[]] {
  return text.split(/\s+/) as [string, ...string[]];
}
