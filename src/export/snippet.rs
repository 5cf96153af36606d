//! How tools read a table: text to paste, with the service's own address.

use super::{Format, Question, Table};

/// Text to paste into a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The tool.
    pub tool: &'static str,
    /// What is pasted.
    pub text: String,
}

/// How each tool reads `table`; `base` is where tables are. A key is taken from the environment, or a place is left for it:
/// none is ever in an URL. Parquet comes first, because it holds what is text and what is a number; where a tool reads CSV,
/// it is told that everything is text, and that an empty value is none.
pub fn snippets(base: &str, table: Table) -> Vec<Snippet> {
    let url = |format| format!("{base}/{}", Question::new(table, format).file_name());
    let (parquet, csv) = (url(Format::Parquet), url(Format::Csv));
    let name = table.name();
    let snippet = |tool, text: String| Snippet { tool, text };
    vec![
        snippet(
            "Power BI (Power Query M)",
            format!(
                "// The key: choose Basic when Power Query asks how to sign in, any user name, the key as password.\n\
                 let\n    Source = Parquet.Document(Binary.Buffer(Web.Contents(\"{base}\", [RelativePath = \"{name}.parquet\"])))\nin\n    Source\n"
            ),
        ),
        snippet(
            "Excel, and wherever Parquet isn't there (Power Query M)",
            format!(
                "// The key: choose Basic when Power Query asks how to sign in, any user name, the key as password.\n\
                 // The CSV: every column is text, so that no id is rounded.\n\
                 let\n    Source = Csv.Document(Web.Contents(\"{base}\", [RelativePath = \"{name}.csv\"]), [Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),\n    \
                 Headed = Table.PromoteHeaders(Source, [PromoteAllScalars = false])\nin\n    Headed\n"
            ),
        ),
        snippet(
            "DuckDB",
            format!(
                "-- Over HTTP DuckDB reads with its extension httpfs, which it fetches itself. Where it can't: INSTALL httpfs FROM '/path/to/it';\n\
                 -- Where a key is needed, first, with the key for ORGRAPH_KEY:\n\
                 -- CREATE OR REPLACE SECRET orgraph (TYPE http, BEARER_TOKEN 'ORGRAPH_KEY', SCOPE '{base}');\n\
                 SELECT * FROM read_parquet('{parquet}');\n\n\
                 -- The CSV: every column is text.\n\
                 SELECT * FROM read_csv('{csv}', all_varchar = true);\n"
            ),
        ),
        snippet(
            "pandas",
            format!(
                "import os\nimport pandas as pd\n\n\
                 key = {{\"Authorization\": \"Bearer \" + os.environ.get(\"ORGRAPH_KEY\", \"\")}}\n\
                 {name} = pd.read_parquet(\"{parquet}\", storage_options=key)\n\n\
                 # The CSV: every column is text, and nothing but an empty value is none (\"NA\" may be somebody's name).\n\
                 # Without dtype=str a column of ids with gaps becomes floats, and ids change.\n\
                 {name} = pd.read_csv(\"{csv}\", dtype=str, keep_default_na=False, na_values=[\"\"], storage_options=key)\n"
            ),
        ),
        snippet(
            "Polars",
            format!(
                "import io, os, urllib.request\nimport polars as pl\n\n\
                 key = {{\"Authorization\": \"Bearer \" + os.environ.get(\"ORGRAPH_KEY\", \"\")}}\n\
                 fetch = lambda url: io.BytesIO(urllib.request.urlopen(urllib.request.Request(url, headers=key)).read())\n\
                 {name} = pl.read_parquet(fetch(\"{parquet}\"))\n\n\
                 # The CSV: every column is text.\n\
                 {name} = pl.read_csv(fetch(\"{csv}\"), infer_schema=False)\n\n\
                 # Where no key is needed, lazily and in parts:\n\
                 # {name} = pl.scan_parquet(\"{parquet}\")\n"
            ),
        ),
        snippet(
            "R",
            format!(
                "library(arrow)\nkey <- c(Authorization = paste(\"Bearer\", Sys.getenv(\"ORGRAPH_KEY\")))\n\
                 file <- tempfile(fileext = \".parquet\")\n\
                 download.file(\"{parquet}\", file, mode = \"wb\", headers = key)\n\
                 {name} <- read_parquet(file)\n\n\
                 # The CSV: every column is text, and nothing but an empty value is none.\n\
                 {name} <- read.csv(url(\"{csv}\", headers = key), colClasses = \"character\", na.strings = \"\")\n"
            ),
        ),
        snippet(
            "Tableau",
            format!(
                "# Tableau reads files: fetch the CSV on a schedule and connect to it (To a File > Text file). Set the type of every\n\
                 # column that ends in id to String before the extract.\n\
                 curl -sS --fail --compressed -H \"Authorization: Bearer $ORGRAPH_KEY\" -o {name}.csv '{csv}'\n"
            ),
        ),
        snippet(
            "dbt (with dbt-duckdb)",
            format!(
                "# profiles.yml, in the output of type duckdb; the secrets where a key is needed\nextensions: [httpfs]\n\
                 secrets:\n  - type: http\n    bearer_token: \"{{{{ env_var('ORGRAPH_KEY') }}}}\"\n    scope: \"{base}\"\n\n\
                 # models/sources.yml\nsources:\n  - name: orgraph\n    meta:\n      external_location: \"read_parquet('{base}/{{name}}.parquet')\"\n    tables:\n      - name: {name}\n\n\
                 # in a model: select * from {{{{ source('orgraph', '{name}') }}}}\n"
            ),
        ),
        snippet(
            "curl",
            format!(
                "curl -sS --fail -H \"Authorization: Bearer $ORGRAPH_KEY\" -O '{parquet}'\n\
                 curl -sS --fail --compressed -H \"Authorization: Bearer $ORGRAPH_KEY\" '{csv}?safe=true' > {name}.csv\n"
            ),
        ),
    ]
}
