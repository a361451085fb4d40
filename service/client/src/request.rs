//! One request: an operation with its parameters.

use std::collections::BTreeMap;

use muster_api::{OperationId, SearchRequest};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;

use crate::ClientError;

const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An operation with path, query and body. The method and path come from the operation table.
#[derive(Clone, Debug)]
pub struct Request {
    pub(crate) operation: OperationId,
    pub(crate) path: BTreeMap<String, String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
}

impl Request {
    /// A request without parameters.
    pub fn new(operation: OperationId) -> Self {
        Self { operation, path: BTreeMap::new(), query: Vec::new(), body: None }
    }

    /// A search.
    pub fn search(search: &SearchRequest) -> Self {
        let mut request = Self::new(OperationId::Search);
        if let Ok(Value::Object(fields)) = serde_json::to_value(search) {
            for (name, value) in fields {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                request.query.push((name, text));
            }
        }
        request
    }

    /// Sets a path parameter.
    pub fn path(mut self, name: &str, value: impl ToString) -> Self {
        self.path.insert(name.to_owned(), value.to_string());
        self
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: &str, value: impl ToString) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: &impl Serialize) -> Result<Self, ClientError> {
        let value = serde_json::to_value(body).map_err(|e| ClientError::Protocol(e.to_string()))?;
        self.body = Some(value);
        Ok(self)
    }

    /// Path and query as they are sent. A missing path parameter is an error of the caller, told as such.
    pub(crate) fn target(&self) -> Result<String, ClientError> {
        let mut target = String::new();
        for part in self.operation.operation().path.split('/').skip(1) {
            target.push('/');
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                None => target.push_str(part),
                Some(name) => {
                    let value = self.path.get(name).filter(|value| !value.is_empty());
                    let value = value.ok_or_else(|| ClientError::Protocol(format!("{name} is missing")))?;
                    target.extend(utf8_percent_encode(value, SEGMENT));
                }
            }
        }
        for (index, (name, value)) in self.query.iter().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            target.extend(utf8_percent_encode(name, SEGMENT));
            target.push('=');
            target.extend(utf8_percent_encode(value, SEGMENT));
        }
        Ok(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_single_encoded_segments() {
        let request =
            Request::new(OperationId::Package).path("source", "ckan").path("id", "a/b c").query("q", "x&y=ä");
        assert_eq!(request.target().expect("target"), "/v1/packages/ckan/a%2Fb%20c?q=x%26y%3D%C3%A4");
    }

    #[test]
    fn a_missing_parameter_is_told() {
        assert!(Request::new(OperationId::Job).target().is_err());
        assert!(Request::new(OperationId::Job).path("job", "").target().is_err());
    }
}
