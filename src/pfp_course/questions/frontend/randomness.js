// The same steps as questions/seeds.py, so that a seed gives the same question everywhere.

/** @param {string} text */
export function hash(text) {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  }
  return value;
}

/**
 * The same names as questions/seeds.py: case, form and spaces make no difference.
 * @param {string} name
 */
export function seedOf(name) {
  const whole = name.replace(/\p{Surrogate}/gu, "\ufffd");
  const small = whole.normalize("NFKC").toLowerCase();
  // deno-lint-ignore no-control-regex -- what Python takes for space
  const normal = small.replace(/[\s\x1c-\x1f\x85\ufeff]+/g, " ").replace(/^ | $/g, "");
  return Array.from(normal).slice(0, 100).join("").replace(/ $/, "");
}

/** @type {(count: number, seed: string, name: string) => number} */
export function pick(count, seed, name) {
  return hash(`${seed}/${name}`) % count;
}

/**
 * How things to be ordered are shown at first: this order earns nothing.
 * @type {(count: number, seed: string, name: string) => number[]}
 */
export function disordered(count, seed, name) {
  const order = shuffled(count, seed, name);
  let rising = 0;
  for (let a = 0; a < count; a += 1) {
    for (let b = a + 1; b < count; b += 1) rising += order[a] < order[b] ? 1 : 0;
  }
  return 4 * rising > count * (count - 1) ? order.reverse() : order;
}

/**
 * @param {number} count
 * @param {string} seed
 * @param {string} name
 * @param {number[]} [pinned] positions that stay
 */
export function shuffled(count, seed, name, pinned = []) {
  let state = hash(`${seed}/${name}/order`);
  const chance = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1) >>> 0;
    value = (value ^ (value + Math.imul(value ^ (value >>> 7), value | 61))) >>> 0;
    return (value ^ (value >>> 14)) >>> 0;
  };
  const free = [...Array(count).keys()].filter((number) => !pinned.includes(number));
  const mixed = [...free];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = chance() % (last + 1);
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  const result = [...Array(count).keys()];
  free.forEach((place, index) => {
    result[place] = mixed[index];
  });
  return result;
}
