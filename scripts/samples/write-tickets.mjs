// Writes the "Support tickets" sample and its truth. Run by hand: node scripts/samples/write-tickets.mjs
// Tickets in tickets/written-*.txt go in as they are; the rest is composed from fragments until counts are met.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Papa from "papaparse";
import { runnerImport } from "vite";

const seed = 20261121;
const counts = { bug: 175, "how-to": 145, billing: 130, account: 120, "urgent outage": 30 };
// Both set how fast a linear model learns: about six in ten right after 20 answers, nine in ten after all.
const contextShare = 0.9;
const subjectShare = 0.7;
const writtenSubjectShare = 0.4;
// Loose enough to stand over any ticket of the class.
const generalSubjects = {
  bug: ["Problem", "Not working", "Error", "Something is wrong"],
  "how-to": ["Question", "Quick question", "How do I...?", "Is this possible?"],
  billing: ["Invoice", "Payment", "Question about our bill", "Bill"],
  account: ["Our account", "Account access", "Login", "Account"],
  "urgent outage": ["URGENT", "Urgent!", "DOWN", "Tills down"],
};
const out = fileURLToPath(new URL("../../public/samples/tickets/", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));
const { module: core } = await runnerImport(`${root}src/core/random.ts`, { root, configFile: false });
const random = core.createRandom(seed);

const lines = (name) =>
  readFileSync(new URL(`tickets/${name}.txt`, import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line.trim());

/** Deals without putting back until the deck is empty, so that no line is worn out before others are used. */
function createDeck(cards) {
  let left = [];
  return () => {
    if (left.length === 0) left = random.shuffle([...cards]);
    return left.pop();
  };
}

const shared = Object.fromEntries(
  ["openings", "details", "asides", "closings"].map((name) => [name, createDeck(lines(name))]),
);
const decks = Object.fromEntries(
  Object.keys(counts)
    // Outages are rare enough that every one of them is written by hand.
    .filter((label) => label !== "urgent outage")
    .map((label) => {
      const deck = (kind) => createDeck(lines(`${kind}-${label}`));
      return [label, { problem: deck("fragments"), context: deck("context"), subject: deck("subjects") }];
    }),
);

const chance = (share) => random.next() < share;

/** `[a|b|c]` becomes one of the three. */
const choose = (line) =>
  line.replace(/\[([^\]]*)\]/g, (_, options) => {
    const choices = options.split("|");
    return choices[random.integer(choices.length)];
  });

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const closed = (text) => (/[.?!]$/.test(text) ? text : `${text}.`);
const small = (text) =>
  /^(I|P2|S1|Till|Save|Reports)\b/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);

const usedProblems = new Set();

/** A few tries for wording that no other ticket has. */
function newProblem(label) {
  let problem = "";
  for (let attempt = 0; attempt < 6; attempt++) {
    problem = closed(choose(decks[label].problem()));
    if (!usedProblems.has(problem)) break;
  }
  usedProblems.add(problem);
  return problem;
}

function compose(label) {
  const opening = chance(0.4) ? shared.openings() : "";
  const letterLike = opening.endsWith(",") && chance(0.6);
  const runsOn = /(:|,|but)$/.test(opening) && !letterLike;
  let problem = newProblem(label);
  if (chance(0.04)) problem = problem.replace(/\.$/, "!!");
  const body = [runsOn ? small(problem) : capital(problem)];
  if (!runsOn && chance(0.07)) body.unshift(choose(shared.details()));
  if (chance(0.1)) body.push(`And ${small(newProblem(label))}`);
  if (chance(contextShare)) body.push(choose(decks[label].context()));
  if (chance(contextShare / 5)) body.push(choose(decks[label].context()));
  if (chance(0.1)) body.push(choose(shared.details()));
  // Some people write about two matters; the first is what the ticket is filed under.
  if (chance(0.05)) {
    const others = Object.keys(decks).filter((each) => each !== label);
    body.push(`Also, ${small(newProblem(others[random.integer(others.length)]))}`);
  } else if (chance(0.08)) body.push(shared.asides());
  if (chance(0.35)) body.push(shared.closings());
  const text = `${opening}${opening && (letterLike ? "\n" : " ")}${[...new Set(body)].join(" ")}`;
  return withSubject(label, roughen(text));
}

/** The web form has an optional subject; people in a hurry pick the wrong words for it. */
function withSubject(label, text) {
  if (!chance(subjectShare)) return text;
  const labels = Object.keys(decks);
  const subject = decks[chance(0.04) ? labels[random.integer(labels.length)] : label].subject();
  return `${subject}${chance(0.6) ? "\n" : /[.?]$/.test(subject) ? " " : ": "}${text}`;
}

function roughen(text) {
  let rough = text;
  if (chance(0.13)) {
    rough = rough.toLowerCase();
    // Whoever does not hold shift seldom minds full stops.
    if (chance(0.5)) rough = rough.replace(/\. /g, ", ").replace(/\.$/, "").replace(/['’]/g, "");
  }
  return chance(0.14) ? mistype(mistype(rough)) : rough;
}

/** Swaps, drops or doubles a letter inside one longer word, as fingers do. */
function mistype(text) {
  const words = [...text.matchAll(/[a-z]{5,}/g)].filter(
    (word) => !/[@.]/.test(text[word.index + word[0].length] ?? ""),
  );
  if (words.length === 0) return text;
  const word = words[random.integer(words.length)];
  const at = word.index + 1 + random.integer(word[0].length - 2);
  const kind = random.integer(3);
  if (kind === 0) return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
  if (kind === 1) return text.slice(0, at) + text.slice(at + 1);
  return text.slice(0, at) + text[at] + text.slice(at);
}

const wordCount = (text) => text.split(/\s+/).length;
const tickets = [];
const seen = new Set();
for (const [label, count] of Object.entries(counts)) {
  const written = lines(`written-${label.replace(" ", "-")}`);
  let have = 0;
  const add = (text) => {
    if (have === count || seen.has(text.toLowerCase())) return;
    seen.add(text.toLowerCase());
    tickets.push({ label, text });
    have += 1;
  };
  const general = createDeck(generalSubjects[label]);
  // A formula or a tag must stay at the very start to be the trap that it is.
  for (const text of written)
    add(chance(writtenSubjectShare) && /^\w/.test(text) ? `${general()}\n${text}` : text);
  while (have < count) {
    const text = compose(label);
    if (wordCount(text) >= 6 && wordCount(text) <= 90) add(text);
  }
}
random.shuffle(tickets);
const named = tickets.map((ticket, row) => ({ ticket: `T-${String(row + 1).padStart(4, "0")}`, ...ticket }));
const csv = (columns) => `${Papa.unparse(named, { columns, newline: "\n" })}\n`;
mkdirSync(out, { recursive: true });
writeFileSync(`${out}tickets.csv`, csv(["ticket", "text"]));
writeFileSync(`${out}truth.csv`, csv(["ticket", "label"]));
console.log(`${named.length} tickets, ${Buffer.byteLength(csv(["ticket", "text"]))} bytes`);
