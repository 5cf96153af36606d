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
/// it is told that everything is text.
pub fn snippets(base: &str, table: Table) -> Vec<Snippet> {
    let url = |format| format!("{base}/{}", Question::new(table, format).file_name());
    let (parquet, csv) = (url(Format::Parquet), url(Format::Csv));
    let name = table.name();
    let snippet = |tool, text: String| Snippet { tool, text };
    vec![
        snippet(
            "Power BI, Excel (Power Query M)",
            format!(
                "// The key: choose Basic when Power Query asks how to sign in, any user name, the key as password.\n\
                 let\n    Source = Parquet.Document(Binary.Buffer(Web.Contents(\"{base}\", [RelativePath = \"{name}.parquet\"])))\nin\n    Source\n\n\
                 // Where Parquet isn't there (Excel), the CSV: every column is text, so that no id is rounded.\n\
                 let\n    Source = Csv.Document(Web.Contents(\"{base}\", [RelativePath = \"{name}.csv\"]), [Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),\n    \
                 Headed = Table.PromoteHeaders(Source, [PromoteAllScalars = false])\nin\n    Headed\n"
            ),
        ),
        snippet(
            "DuckDB",
            format!(
                "-- Where a key is needed: CREATE SECRET (TYPE http, BEARER_TOKEN getenv('ORGRAPH_KEY'));\n\
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
                 # The CSV: every column is text. Without dtype=str a column of ids with gaps becomes floats, and ids change.\n\
                 {name} = pd.read_csv(\"{csv}\", dtype=str, storage_options=key)\n"
            ),
        ),
        snippet(
            "Polars",
            format!(
                "import io, os, urllib.request\nimport polars as pl\n\n\
                 key = {{\"Authorization\": \"Bearer \" + os.environ.get(\"ORGRAPH_KEY\", \"\")}}\n\
                 request = urllib.request.Request(\"{parquet}\", headers=key)\n\
                 {name} = pl.read_parquet(io.BytesIO(urllib.request.urlopen(request).read()))\n\n\
                 # Without a key, lazily and in parts: pl.scan_parquet(\"{parquet}\")\n\
                 # The CSV: pl.read_csv(\"{csv}\", infer_schema=False), every column is text.\n"
            ),
        ),
        snippet(
            "R",
            format!(
                "library(arrow)\nfile <- tempfile(fileext = \".parquet\")\n\
                 download.file(\"{parquet}\", file, mode = \"wb\", headers = c(Authorization = paste(\"Bearer\", Sys.getenv(\"ORGRAPH_KEY\"))))\n\
                 {name} <- read_parquet(file)\n\n\
                 # The CSV: every column is text.\n\
                 # {name} <- read.csv(\"{csv}\", colClasses = \"character\")\n"
            ),
        ),
        snippet(
            "Tableau",
            format!(
                "# Tableau reads files: fetch one on a schedule and connect to it (To a File > Statistical file or Parquet through\n\
                 # Hyper, or Text file). For the CSV set the type of every column that ends in id to String before the extract.\n\
                 curl -sS --fail -H \"Authorization: Bearer $ORGRAPH_KEY\" -o {name}.parquet '{parquet}'\n\
                 curl -sS --fail -H \"Authorization: Bearer $ORGRAPH_KEY\" -o {name}.csv '{csv}'\n"
            ),
        ),
        snippet(
            "dbt (with dbt-duckdb)",
            format!(
                "# models/sources.yml\nsources:\n  - name: orgraph\n    meta:\n      external_location: \"read_parquet('{base}/{{name}}.parquet')\"\n    tables:\n      - name: {name}\n\n\
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
