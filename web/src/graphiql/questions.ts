/** A question of `docs/queries.md`, and the query that answers it. */
export interface Question {
  text: string;
  query: string;
}

export interface Chapter {
  title: string;
  questions: Question[];
}

/** The chapters with the questions that hold every one of these words, in whichever order. */
export function matching(chapters: readonly Chapter[], words: string): Chapter[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = ({ text, query }: Question) => {
    const all = `${text} ${query}`.toLowerCase();
    return wanted.every((word) => all.includes(word));
  };
  return chapters
    .map(({ title, questions }) => ({ title, questions: questions.filter(holds) }))
    .filter(({ questions }) => questions.length > 0);
}
