//! Builds the pages of `web/`, where Node is, and lists the files that the binary carries. Where it isn't, or the pages
//! can't be built, the list has the plain page of `src/http/pages/plain` instead. `ORGRAPH_WEB` says which: `require`
//! (no binary without them), `skip` (Node isn't looked for) or `auto`, the default.
//!
//! Node compresses, and what is missing here (a hash, JSON) isn't needed.

use std::{
    collections::BTreeMap,
    env, fs,
    fs::File,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Failure, at, said, tell, variable};

/// The first Node that Vite runs on.
const NODE: (u32, u32) = (20, 19);

pub(crate) fn build(source: &Path) -> Result<(), Failure> {
    let out = PathBuf::from(variable("OUT_DIR")?);
    println!("cargo::rerun-if-env-changed=ORGRAPH_WEB");
    let plain = source.join("src/http/pages/plain");
    println!("cargo::rerun-if-changed={}", plain.display());
    let (wanted, required) = match env::var("ORGRAPH_WEB").as_deref() {
        Err(_) | Ok("" | "auto") => (true, false),
        Ok("require") => (true, true),
        Ok("skip") => (false, false),
        Ok(other) => {
            return Err(Failure(format!(
                "ORGRAPH_WEB is {other:?}, which is none of require, skip and auto"
            )));
        }
    };
    if !wanted {
        return list(&plain, &out);
    }
    match pages(source, &out, required) {
        Ok(built) => list(&built, &out),
        Err(why) if required => {
            Err(Failure(format!("the pages of web/ are required (ORGRAPH_WEB) and can't be built: {why}")))
        }
        Err(why) => {
            tell("warning", &format!("a plain page instead of the explorer and GraphiQL: {why}"));
            list(&plain, &out)
        }
    }
}

/// Builds the pages into a folder of this build's own. The packages and the generated types stand in `web/`, which all
/// builds share, so that one at a time is there.
fn pages(source: &Path, out: &Path, required: bool) -> Result<PathBuf, Failure> {
    let web = source.join("web");
    watch(source, &web)?;
    node()?;
    let lock = File::create(web.join(".lock")).map_err(at(&web))?;
    lock.lock().map_err(at(&web))?;
    if said(Command::new("node").arg("build/installed.js").current_dir(&web)).is_err() {
        // Whoever requires the pages has a registry asked again; nobody else is kept waiting for one that isn't there.
        let retries = if required { "--fetch-retries=3" } else { "--fetch-retries=0" };
        // Whatever the environment says: what the pages are built with are packages for development.
        let packages = ["ci", "--include=dev", "--loglevel=error", "--fetch-timeout=60000", retries];
        said(npm().args(packages).current_dir(&web))?;
    }
    let built = out.join("web");
    let pages = ["run", "--silent", "build", "--", "--emptyOutDir", "--outDir"];
    said(npm().args(pages).arg(&built).current_dir(&web).env("NODE_ENV", "production"))?;
    Ok(built)
}

/// Has Cargo come again when something has changed that the pages are made of. The folder as a whole changes by being
/// built.
fn watch(source: &Path, web: &Path) -> Result<(), Failure> {
    let others = ["node_modules", "dist", "gql", ".lock"];
    let of_pages = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        !others.contains(&name) && !name.contains(".test.")
    };
    let mut sources = vec![source.join("schema.graphql"), source.join("docs/queries.md")];
    sources.extend(files(web, &of_pages)?);
    for path in sources {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    Ok(())
}

fn node() -> Result<(), Failure> {
    let version = said(Command::new("node").arg("--version"))
        .map_err(|_| Failure("there is no Node here (https://nodejs.org)".to_owned()))?;
    let mut parts = version.trim().trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    let is = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    match is >= NODE {
        true => Ok(()),
        false => {
            Err(Failure(format!("they need Node {}.{} or later, this is {}", NODE.0, NODE.1, version.trim())))
        }
    }
}

fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// Writes the list of the files in a folder, as `src/http/pages/embedded.rs` includes it: in the order of their paths.
/// Where one is there compressed, too, it is that one.
fn list(folder: &Path, out: &Path) -> Result<(), Failure> {
    let mut served = BTreeMap::new();
    for file in files(folder, &|path| path.extension().is_none_or(|ending| ending != "gz"))? {
        let name = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let path = match name.as_str() {
            "index.html" => "/".to_owned(),
            "graphiql.html" => "/graphiql".to_owned(),
            name if name.starts_with("assets/") => format!("/{name}"),
            name => format!("/assets/{name}"),
        };
        // What Vite puts into `assets` has a hash of its contents in its name.
        served.insert(path, (name.starts_with("assets/"), file));
    }
    // The plain page is both.
    if let (Some(page), false) = (served.get("/").cloned(), served.contains_key("/graphiql")) {
        served.insert("/graphiql".to_owned(), page);
    }
    let mut text = format!("static ALL: [Embedded; {}] = [\n", served.len());
    for (path, (hashed, file)) in served {
        let packed = PathBuf::from(format!("{}.gz", file.display()));
        let gzip = packed.exists();
        let file = if gzip { packed } else { file };
        let file = file.to_string_lossy();
        text += &format!(
            "    Embedded {{ path: {path:?}, hashed: {hashed}, gzip: {gzip}, bytes: include_bytes!({file:?}), lazy: \
             Lazy::new() }},\n"
        );
    }
    text += "];\n";
    let table = out.join("pages.rs");
    fs::write(&table, text).map_err(at(&table))
}

/// All files below a folder, those and the folders that are `wanted`.
fn files(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        match wanted(&path) {
            false => {}
            true if path.is_dir() => found.extend(files(&path, wanted)?),
            true => found.push(path),
        }
    }
    Ok(found)
}
