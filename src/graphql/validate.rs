//! What comes between a parsed document and its run: the schema's word on it, and what it may cost.

use std::sync::Arc;

use async_graphql::{
    Response, ServerError, ValidationResult, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextValidation},
};

use super::{
    attempt::Attempt,
    error::{ErrorCode, fault, set_code},
    notes::Notes,
    rate::{Meter, throttled},
    settings::Settings,
    silence,
};
use tracing::{Instrument, info_span};

/// Gives the errors of validation their code, refuses what costs too much, has the client pay for what is about
/// to be run, tells when it is, and has a plan answer if there is one.
pub(super) struct CheckedDocuments(pub(super) Arc<Settings>);

impl ExtensionFactory for CheckedDocuments {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self(self.0.clone()))
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for CheckedDocuments {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let validating = info_span!("validate", otel.kind = "internal");
        let result = next.run(ctx).instrument(validating).await.map_err(|errors| self.told(errors))?;
        let requested = u64::try_from(result.complexity).unwrap_or(u64::MAX);
        let meter = ctx.data_opt::<Meter>();
        let most = meter.and_then(Meter::capacity).unwrap_or(u64::MAX).min(self.0.caps.cost as u64);
        if requested > most {
            if let Some(meter) = meter {
                meter.note(requested);
            }
            return Err(vec![too_costly(requested, most)]);
        }
        match meter.map_or(Ok(()), |meter| meter.request(requested)) {
            Ok(()) => Ok(result),
            Err(wait) => Err(vec![throttled(wait)]),
        }
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if let Some(notes) = ctx.data_opt::<Notes>() {
            notes.begin();
        }
        if let Some(attempt) = ctx.data_opt::<Arc<Attempt>>()
            && attempt.succeeds().await
        {
            return Response::new(Value::Null);
        }
        let executing = info_span!("execute", otel.kind = "internal");
        next.run(ctx, operation).instrument(executing).await
    }
}

impl CheckedDocuments {
    fn told(&self, mut errors: Vec<ServerError>) -> Vec<ServerError> {
        let shown = self.0.shown;
        if !shown.introspection {
            return vec![silence::unfit()];
        }
        // They come as hash maps have them.
        errors.sort_by(|a, b| (&a.locations, &a.message).cmp(&(&b.locations, &b.message)));
        for error in &mut errors {
            set_code(error, ErrorCode::GraphqlValidationFailed);
            if !shown.suggestions {
                silence::without_suggestion(error);
            }
        }
        errors
    }
}

fn too_costly(requested: u64, most: u64) -> ServerError {
    let message = format!(
        "the query could cost {requested}, more than the {most} that one answer may; ask for smaller pages or \
         fewer fields"
    );
    let mut error = fault(ErrorCode::QueryTooComplex, message);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("cap", "cost");
    extensions.set("limit", most);
    error
}
