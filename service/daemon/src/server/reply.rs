//! Replies and problem documents.

use std::collections::BTreeMap;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use muster_api::{Explanation, Problem};
use muster_domain::Coded;
use serde::Serialize;
use serde_json::Value;

/// A successful reply.
pub(crate) enum Reply {
    Json(Value),
    /// Prometheus text.
    Metrics(String),
}

impl Reply {
    pub fn json(value: &impl Serialize) -> Result<Self, Failure> {
        serde_json::to_value(value)
            .map(Self::Json)
            .map_err(|e| Failure::new(500, "api-internal", &e.to_string()))
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        match self {
            Self::Json(value) => axum::Json(value).into_response(),
            Self::Metrics(text) => {
                ([(header::CONTENT_TYPE, crate::metrics::CONTENT_TYPE)], text).into_response()
            }
        }
    }
}

/// A refusal or failure on its way out.
#[derive(Debug)]
pub(crate) struct Failure(pub Box<Problem>);

impl Failure {
    pub fn new(status: u16, code: &str, title: &str) -> Self {
        Self(Box::new(Problem {
            kind: format!("urn:muster:problem:{code}"),
            status,
            code: code.to_owned(),
            title: title.to_owned(),
            context: BTreeMap::new(),
            trace: uuid::Uuid::now_v7().simple().to_string(),
            explanation: None,
        }))
    }

    pub fn from_coded(status: u16, error: &dyn Coded) -> Self {
        let mut failure = Self::new(status, error.code(), &error.to_string());
        failure.0.context =
            error.context().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        failure
    }

    pub fn explained(mut self, explanation: Explanation) -> Self {
        self.0.explanation = Some(explanation);
        self
    }

    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.0.context.insert(name.to_owned(), value.to_string());
        self
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        tracing::info!(code = self.0.code, trace = self.0.trace, title = self.0.title, "refused");
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(*self.0)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
