// The same steps as questions/seeds.py, so that a seed gives the same question everywhere.

export function hash(text) {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  }
  return value;
}

// The same names as questions/assigned.py: case, form and spaces make no difference.
export function seedOf(name) {
  const whole = name.replace(/\p{Surrogate}/gu, "\ufffd");
  const small = whole.normalize("NFKC").toLowerCase();
  const normal = small.replace(/[\s\x1c-\x1f\x85\ufeff]+/g, " ").replace(/^ | $/g, "");
  return Array.from(normal).slice(0, 100).join("").replace(/ $/, "");
}

export function pick(count, seed, name) {
  return hash(`${seed}/${name}`) % count;
}

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
