//! The catalogue: which tables there are, with their columns, and how each tool reads them.

use std::fmt::Write;

use axum::{
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, VARY},
        request::Parts,
        uri::Authority,
    },
    response::{Html, IntoResponse, Response},
};
use serde_json::{Value, json};

use super::super::{accept::Accept, answer::refusal, path, peer::Client, request_id::RequestId};
use crate::{
    export::{Format, Question, Table, Told, snippets},
    graphql::ErrorCode,
};

const STYLE: &str = include_str!("catalogue.css");

/// The page runs nothing and loads its own style.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("private, no-cache");

/// How the page looks.
pub(super) fn style() -> Response {
    let headers =
        [(CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")), (CACHE_CONTROL, ASK_AGAIN)];
    (headers, STYLE).into_response()
}

/// The catalogue as JSON, or as a page for whoever would rather have one, with the way to the explorer and GraphiQL
/// where they are served.
pub(super) fn get(head: &Parts, id: &RequestId, shows_graphiql: bool) -> Response {
    let Some(base) = base(head) else {
        let message = "host: it has characters that no host's name has";
        return refusal(StatusCode::BAD_REQUEST, ErrorCode::BadUserInput, message, id);
    };
    let mut response = match wants_page(&head.headers) {
        true => ([(CONTENT_SECURITY_POLICY, POLICY)], Html(page(&base, shows_graphiql))).into_response(),
        false => {
            let json = HeaderValue::from_static("application/json; charset=utf-8");
            ([(CONTENT_TYPE, json)], json_of(&base).to_string()).into_response()
        }
    };
    response.headers_mut().insert(CACHE_CONTROL, ASK_AGAIN);
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept, authorization"));
    response
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers.contains_key(ACCEPT)
        && Accept::of(headers).is_some_and(|accept| {
            accept.wanted("text", "html").quality > accept.wanted("application", "json").quality
        })
}

/// Where tables are, as whoever asks has it; nothing where that would say more in a shell or a page than where.
fn base(head: &Parts) -> Option<String> {
    let by_tls = head.extensions.get().is_some_and(|client: &Client| client.by_tls);
    let scheme = if by_tls { "https" } else { "http" };
    let host = head.headers.get(HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    let host = host.as_ref().or(head.uri.authority()).map_or("127.0.0.1:8080", Authority::as_str);
    let is_name = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte));
    is_name.then(|| format!("{scheme}://{host}{}", path::CATALOGUE))
}

fn json_of(base: &str) -> Value {
    let column = |told: &Told| {
        json!({
            "name": told.name,
            "type": told.kind.as_str(),
            "nullable": told.nullable,
            "description": told.description,
            "source": told.source,
            "role": role(told),
        })
    };
    let table = |table: Table| {
        let urls = Format::ALL.map(|format| {
            let file = Question::new(table, format).file_name();
            (format.name().to_owned(), Value::from(format!("{base}/{file}")))
        });
        json!({
            "name": table.name(),
            "description": table.description(),
            "filteredBy": table.filtered_by(),
            "urls": serde_json::Map::from_iter(urls),
            "columns": table.columns().iter().map(column).collect::<Vec<_>>(),
            "snippets": snippets(base, table).iter()
                .map(|snippet| json!({ "tool": snippet.tool, "text": snippet.text }))
                .collect::<Vec<_>>(),
        })
    };
    let parameter = |(name, description): &(&str, &str)| json!({ "name": name, "description": description });
    json!({
        "tables": Table::ALL.map(table),
        "parameters": Question::PARAMETERS.iter().map(parameter).collect::<Vec<_>>(),
    })
}

/// The least role that sees a column.
fn role(told: &Told) -> &'static str {
    if told.guard.is_some() { "analyst" } else { "reader" }
}

fn page(base: &str, shows_graphiql: bool) -> String {
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>orgraph · tables</title>\n",
    );
    let mut put = |text: std::fmt::Arguments<'_>| {
        let _ = page.write_fmt(text);
    };
    put(format_args!("<link rel=\"stylesheet\" href=\"{}\">\n</head>\n<body>\n", path::CATALOGUE_STYLE));
    if shows_graphiql {
        put(format_args!(
            "<header><nav aria-label=\"Pages\"><ul>\n<li><a href=\"{}\">orgraph</a></li>\n\
             <li><a href=\"{}\">GraphiQL</a></li>\n</ul></nav></header>\n",
            path::ROOT,
            path::GRAPHIQL
        ));
    }
    put(format_args!("<main>\n<h1>Tables</h1>\n"));
    put(format_args!(
        "<p>The organisation as tables, each whole and from one snapshot, by a plain GET: <code>{}/<i>table</i>.<i>format</i></code>. \
         Ids are text in every format. Take Parquet where you can: it says so itself. \
         Where the service asks for a key, it goes into the <code>Authorization</code> header, as a bearer token or as the \
         password of Basic.</p>\n<nav aria-label=\"Tables\"><ul>\n",
        escaped(base)
    ));
    for table in Table::ALL {
        put(format_args!("<li><a href=\"#{0}\">{0}</a></li>\n", table.name()));
    }
    put(format_args!("</ul></nav>\n<h2>Parameters</h2>\n<dl>\n"));
    for (name, description) in Question::PARAMETERS {
        put(format_args!("<dt><code>{name}</code></dt><dd>{}</dd>\n", marked(description)));
    }
    put(format_args!("</dl>\n"));
    for table in Table::ALL {
        put(format_args!(
            "<section id=\"{0}\">\n<h2>{0}</h2>\n<p>{1}</p>\n<p>",
            table.name(),
            marked(table.description())
        ));
        for format in Format::ALL {
            let file = Question::new(table, format).file_name();
            put(format_args!("<a href=\"{}/{file}\">{file}</a> ", path::CATALOGUE));
        }
        put(format_args!(
            "</p>\n<p><code>active</code> and <code>under</code> look at {}.</p>\n",
            table.filtered_by()
        ));
        put(format_args!(
            "<details>\n<summary>Columns</summary>\n<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr><th>column</th><th>type</th><th>what it is</th>\
             <th>in GraphQL</th><th>role</th></tr></thead>\n<tbody>\n"
        ));
        let columns = table.columns();
        for told in columns.iter().filter(|told| told.level.is_none_or(|level| level == 1)) {
            let (nullable, type_) = (if told.nullable { ", or none" } else { "" }, told.kind.as_str());
            put(format_args!(
                "<tr><th><code>{}</code></th><td>{type_}{nullable}</td><td>{}</td><td><code>{}</code></td><td>{}</td></tr>\n",
                told.name,
                marked(&told.description),
                escaped(&told.source),
                role(told)
            ));
        }
        put(format_args!("</tbody>\n</table></div>\n"));
        if table == Table::Users {
            put(format_args!("<p>And so on, two columns a level, for <code>levels</code> levels.</p>\n"));
        }
        put(format_args!("</details>\n"));
        for snippet in snippets(base, table) {
            put(format_args!(
                "<details>\n<summary>{}</summary>\n<pre tabindex=\"0\"><code>{}</code></pre>\n</details>\n",
                snippet.tool,
                escaped(&snippet.text)
            ));
        }
        put(format_args!("</section>\n"));
    }
    put(format_args!("</main>\n</body>\n</html>\n"));
    page
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Text with words of code between backticks.
fn marked(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| match at % 2 {
            0 => escaped(part),
            _ => format!("<code>{}</code>", escaped(part)),
        })
        .collect()
}
