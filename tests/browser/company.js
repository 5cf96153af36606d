// A company with everything in it that makes org charts lose people, and a manager of very many.

/** How many report to the manager of very many: as many as in the widest company that is known. */
export const VERY_MANY = 103_405;

/** The ids of those whom the tests look for. */
export const PEOPLE = {
  chief: "1",
  headOfMany: "2",
  /** Each of these reports to the one before, the first to the chief. */
  line: Array.from({ length: 12 }, (_, level) => String(40 + level)),
  /** Each reports to the next, the last to the first. */
  ring: ["10", "11", "12"],
  belowRing: "13",
  missing: "999",
  underMissing: ["20", "22"],
  belowMissing: "21",
  ownManager: "30",
  alone: "60",
  inactive: "70",
  underInactive: "71",
};

/** Its people by id, as Gong tells of them. */
export function company(many = VERY_MANY) {
  const people = new Map();
  const add = (id, managerId, title, more = {}) =>
    people.set(id, {
      id,
      emailAddress: `p${id}@example.org`,
      created: "2022-04-05T00:00:00Z",
      active: true,
      firstName: "Person",
      lastName: id,
      title,
      managerId,
      ...more,
    });
  const { line, ring } = PEOPLE;
  add(PEOPLE.chief, null, "Chief executive");
  add(PEOPLE.headOfMany, PEOPLE.chief, "Head of the field");
  line.forEach((id, level) => add(id, line[level - 1] ?? PEOPLE.chief, `Level ${level + 1}`));
  ring.forEach((id, place) =>
    add(id, ring[(place + 1) % ring.length], "In a ring", { phoneNumber: `+1 202 555 01${id}` }),
  );
  add(PEOPLE.belowRing, ring[2], "Below a ring");
  for (const id of PEOPLE.underMissing) add(id, PEOPLE.missing, "Without a manager who is there");
  add(PEOPLE.belowMissing, PEOPLE.underMissing[0], "Below somebody without one");
  add(PEOPLE.ownManager, PEOPLE.ownManager, "Their own manager");
  add(PEOPLE.alone, null, "Alone");
  add(PEOPLE.inactive, PEOPLE.chief, "Who has left, with a title that is far too long for any card to show it whole", {
    active: false,
  });
  add(PEOPLE.underInactive, PEOPLE.inactive, "Under somebody who has left");
  for (let index = 0; index < many; index += 1) add(String(1_000_000 + index), PEOPLE.headOfMany, "Seller");
  return people;
}
