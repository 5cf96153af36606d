import { useMonaco } from "@graphiql/react";
import { useEffect } from "react";

/** What of the editors is drawn over the page, and not in it. */
const WIDGETS = ["editorHoverWidget", "editorSuggestWidget", "editorWidget", "menu", "quickInput"];

interface Tones {
  base: "vs" | "vs-dark";
  sheet: string;
  accent: string;
  lines: string;
  /** Colours of tokens, by their names, where those that the editor has are too pale. */
  tokens: Record<string, string>;
}

// GraphiQL's themes by their names: they have its colours, but for what would be paler than WCAG AA wants it on the
// background that is here.
const THEMES: Record<string, Tones> = {
  "graphiql-LIGHT": {
    base: "vs",
    sheet: "#ffffff",
    accent: "#b3057a",
    lines: "#1d6a85",
    tokens: { "argument.identifier.gql": "#5a56c9", number: "#07694a", "number.gql": "#07694a" },
  },
  "graphiql-DARK": {
    base: "vs-dark",
    sheet: "#212a3b",
    accent: "#ff85b2",
    lines: "#a3adbd",
    tokens: { "argument.identifier.gql": "#a5a0ff", comment: "#8fbf7a", "comment.gql": "#8fbf7a" },
  },
};

/** Gives the editors colours that are as dark, or as light, as WCAG AA wants them. */
export function Colours() {
  const monaco = useMonaco((state) => state.monaco);
  useEffect(() => {
    for (const [name, tones] of Object.entries(THEMES)) monaco?.editor.defineTheme(name, themeOf(tones));
  }, [monaco]);
  return null;
}

function themeOf({ base, sheet, accent, lines, tokens }: Tones) {
  const chosen = `${accent}19`;
  return {
    base,
    inherit: true,
    rules: Object.entries(tokens).map(([token, foreground]) => ({ token, foreground })),
    colors: {
      "editor.background": "#ffffff00",
      "scrollbar.shadow": "#ffffff00",
      "editorLineNumber.foreground": lines,
      "editorLineNumber.dimmedForeground": lines,
      ...Object.fromEntries(WIDGETS.map((widget) => [`${widget}.background`, sheet])),
      ...Object.fromEntries(
        ["textLink.foreground", "textLink.activeForeground", "editorLink.activeForeground", "focusBorder"].map((part) => [
          part,
          accent,
        ]),
      ),
      "editorSuggestWidget.selectedBackground": chosen,
      "editorSuggestWidget.selectedForeground": accent,
      "list.hoverBackground": chosen,
      "list.highlightForeground": accent,
      "list.focusHighlightForeground": accent,
      "menu.selectionBackground": chosen,
      "menu.selectionForeground": accent,
      "quickInputList.focusBackground": chosen,
      "quickInputList.focusForeground": accent,
      "toolbar.hoverBackground": chosen,
    },
  };
}
