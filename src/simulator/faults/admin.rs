//! `/_simulator/faults`: faults switched on and off while the simulator runs.

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};

use super::{board::Faults, kind::FaultKind, script::Fault};

/// What is switched on, and what there is.
#[derive(Serialize)]
struct Overview {
    #[serde(flatten)]
    on: SwitchedOn,
    catalogue: Vec<Entry>,
}

#[derive(Serialize)]
struct SwitchedOn {
    active: Vec<Active>,
}

#[derive(Serialize)]
struct Active {
    fault: String,
    struck: u64,
}

/// A kind; `struck` counts from the simulator's start.
#[derive(Serialize)]
struct Entry {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<ValueEntry>,
    effect: &'static str,
    description: &'static str,
    struck: u64,
}

#[derive(Serialize)]
struct ValueEntry {
    unit: &'static str,
    default: &'static str,
}

/// `{"fault": "…"}`, `{"faults": ["…", …]}`, or the text or the list alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Asked {
    Named {
        #[serde(alias = "faults")]
        fault: Scripts,
    },
    Bare(Scripts),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Scripts {
    One(String),
    Many(Vec<String>),
}

/// The admin endpoint of these faults.
pub(in super::super) fn routes(faults: Faults) -> Router {
    Router::new()
        .route("/_simulator/faults", get(show).post(add).put(replace).delete(clear))
        .with_state(faults)
}

async fn show(State(faults): State<Faults>) -> Json<Overview> {
    Json(overview(&faults))
}

async fn add(State(faults): State<Faults>, body: String) -> Result<Json<SwitchedOn>, Refused> {
    let new = read(&body)?;
    faults.extend(new).map_err(|error| Refused(error.to_string()))?;
    Ok(Json(switched_on(&faults)))
}

async fn replace(State(faults): State<Faults>, body: String) -> Result<Json<SwitchedOn>, Refused> {
    let new = read(&body)?;
    faults.set(new).map_err(|error| Refused(error.to_string()))?;
    Ok(Json(switched_on(&faults)))
}

async fn clear(State(faults): State<Faults>) -> Json<SwitchedOn> {
    faults.clear();
    Json(switched_on(&faults))
}

fn read(body: &str) -> Result<Vec<Fault>, Refused> {
    let asked: Asked = serde_json::from_str(body)
        .map_err(|_| Refused(r#"expected {"fault": "NAME"} or {"faults": ["NAME", "NAME"]}"#.to_owned()))?;
    let (Asked::Named { fault: scripts } | Asked::Bare(scripts)) = asked;
    let scripts = match scripts {
        Scripts::One(script) => vec![script],
        Scripts::Many(scripts) => scripts,
    };
    let faults = scripts.iter().map(|script| script.parse::<Fault>());
    faults.collect::<Result<_, _>>().map_err(|error| Refused(error.to_string()))
}

fn overview(faults: &Faults) -> Overview {
    let entry = |kind: &FaultKind| Entry {
        name: kind.name(),
        value: kind.value().map(|spec| ValueEntry { unit: spec.unit, default: spec.default }),
        effect: kind.effect().name(),
        description: kind.description(),
        struck: faults.struck(*kind),
    };
    Overview { on: switched_on(faults), catalogue: FaultKind::ALL.iter().map(entry).collect() }
}

fn switched_on(faults: &Faults) -> SwitchedOn {
    let active = faults.active().into_iter();
    let active = active.map(|active| Active { fault: active.fault.to_string(), struck: active.struck });
    SwitchedOn { active: active.collect() }
}

/// What was asked for can't be switched on; nothing has changed.
struct Refused(String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Errors {
            errors: [String; 1],
        }

        (StatusCode::BAD_REQUEST, Json(Errors { errors: [self.0] })).into_response()
    }
}
