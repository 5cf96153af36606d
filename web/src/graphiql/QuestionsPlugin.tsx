import type { GraphiQLPlugin } from "@graphiql/react";
import { useId, useState } from "react";
import chapters from "virtual:questions";

import { matching } from "./questions.ts";
import { useOpenTab } from "./tab.ts";

/** The questions of the documentation, each of which opens as a tab. */
export const QUESTIONS: GraphiQLPlugin = { title: "Questions", icon: Icon, content: Questions };

function Questions() {
  const [words, setWords] = useState("");
  const open = useOpenTab();
  const heading = useId();
  const shown = matching(chapters, words);
  return (
    <section className="questions" aria-labelledby={heading}>
      <h2 id={heading}>Questions</h2>
      <input
        type="search"
        placeholder="Find a question"
        aria-label="Find a question"
        value={words}
        onChange={({ target }) => setWords(target.value)}
      />
      <p role="status">{shown.length === 0 ? "No question has all of these words." : ""}</p>
      {shown.map(({ title, questions }) => (
        <section key={title}>
          <h3>{title}</h3>
          <ul>
            {questions.map(({ text, query }) => (
              <li key={text}>
                <button type="button" onClick={() => open({ query })}>
                  {text}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

function Icon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M4 5.5h16v11H11l-4 3.5v-3.5H4z" strokeLinejoin="round" />
      <path d="M10 9.2c.2-1.1 1-1.7 2.1-1.7 1.2 0 2.1.7 2.1 1.8 0 1.5-2.1 1.5-2.1 2.9" strokeLinecap="round" />
      <path d="M12.1 14.300v.2" strokeLinecap="round" strokeWidth="1.8" />
    </svg>
  );
}
