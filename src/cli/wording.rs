//! Findings as a person reads them: a sign, what it is about, what was found, and below it what to do. In colours
//! on a terminal that shows them, and never wider than it.

use std::io::{self, IsTerminal};

use anstyle::{AnsiColor, Style};
use anyhow::Result;

use super::said::coloured as line;
use crate::check::{Finding, Report, Verdict};

/// Where a finding's words begin, behind the sign and the topic.
const INDENT: &str = "                ";
/// The bounds between which a line reads well.
const NARROWEST: usize = 40;
const WIDEST: usize = 100;

/// One finding.
pub(super) fn finding(finding: &Finding) -> Result<()> {
    let (sign, style) = sign(finding.verdict);
    let lead = format!("{sign} {:<11}", finding.topic.as_str());
    let text = wrapped(&finding.message, &format!("  {lead} "));
    // The sign alone is coloured: what is wrapped is what is seen.
    line(&text.replacen(sign, &format!("{style}{sign}{style:#}"), 1))?;
    match &finding.advice {
        None => Ok(()),
        Some(advice) => {
            let dim = Style::new().dimmed();
            line(&format!("{dim}{}{dim:#}", wrapped(advice, &format!("{INDENT}→ "))))
        }
    }
}

/// What all of it comes to.
pub(super) fn verdict(report: &Report) -> Result<()> {
    let count = |verdict| report.findings.iter().filter(|finding| finding.verdict == verdict).count();
    let (failed, warnings, skipped) =
        (count(Verdict::Failed), count(Verdict::Warning), count(Verdict::Skipped));
    let calls = report.calls.made;
    let bold = Style::new().bold();
    line(&format!(
        "\n{bold}Failed: {failed}, warnings: {warnings}, skipped: {skipped}{bold:#}. Calls made: {calls}."
    ))
}

fn sign(verdict: Verdict) -> (&'static str, Style) {
    let coloured = |colour: AnsiColor| colour.on_default().bold();
    match verdict {
        Verdict::Fine => ("✓", coloured(AnsiColor::Green)),
        Verdict::Warning => ("!", coloured(AnsiColor::Yellow)),
        Verdict::Failed => ("✗", coloured(AnsiColor::Red)),
        Verdict::Skipped => ("-", coloured(AnsiColor::BrightBlack)),
    }
}

/// The text behind `lead`, in lines that fit the terminal. Elsewhere it is one line, for programs that look for words.
fn wrapped(text: &str, lead: &str) -> String {
    if !io::stdout().is_terminal() {
        return format!("{lead}{text}");
    }
    let width = textwrap::termwidth().clamp(NARROWEST, WIDEST);
    let indent = " ".repeat(lead.chars().count());
    let options = textwrap::Options::new(width).initial_indent(lead).subsequent_indent(&indent);
    textwrap::fill(text, options.break_words(false))
}
