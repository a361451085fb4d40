//! The local API: HTTP/1.1 over a socket that only the user can open.
//!
//! Three gates stand before every request: the socket's mode (0600 in a 0700 folder), the peer's uid, and the refusal
//! of anything that looks like a browser (`Origin`, `Referer`, `Sec-Fetch-*`, a foreign `Host`). What passes is
//! looked up in the operation table and goes to [`dispatch`](crate::dispatch).

mod events;
mod gate;
mod listener;
mod reply;
mod told;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, Query},
    http::{HeaderMap, header::CONTENT_TYPE},
    middleware,
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use muster_api::{MAX_BODY, Method, OPERATIONS, OperationId};
use muster_engine::Engine;
use tokio_util::sync::CancellationToken;

pub use listener::{BindError, Socket};
pub(crate) use reply::{Failure, Reply};

use crate::dispatch::{self, Call};

/// What handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub engine: Engine,
    pub shutdown: CancellationToken,
    pub started: jiff::Timestamp,
}

/// Serves until the token is cancelled; running requests may finish.
pub(crate) async fn serve(socket: Socket, app: App) -> std::io::Result<()> {
    let shutdown = app.shutdown.clone();
    axum::serve(socket, router(app).into_make_service())
        .with_graceful_shutdown(shutdown.cancelled_owned())
        .await
}

fn router(app: App) -> Router {
    let app = Arc::new(app);
    let mut router = Router::new();
    for operation in OPERATIONS {
        let filter = match operation.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Patch => MethodFilter::PATCH,
            Method::Delete => MethodFilter::DELETE,
        };
        let (app, id) = (app.clone(), operation.id);
        let handler =
            move |path: Path<BTreeMap<String, String>>,
                  query: Query<BTreeMap<String, String>>,
                  headers: HeaderMap,
                  body: Bytes| { answer(app, id, path.0, query.0, headers, body) };
        router = router.route(operation.path, on(filter, handler));
    }
    router
        .fallback(|| async {
            Failure::new(404, "api-unknown-operation", "no such operation").into_response()
        })
        .method_not_allowed_fallback(|| async {
            Failure::new(405, "api-unknown-operation", "no such operation").into_response()
        })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(gate::refuse_browsers))
}

async fn answer(
    app: Arc<App>,
    operation: OperationId,
    path: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let json =
        |value: &axum::http::HeaderValue| value.to_str().is_ok_and(|v| v.starts_with("application/json"));
    if !body.is_empty() && !headers.get(CONTENT_TYPE).is_some_and(json) {
        return Failure::new(415, "api-not-json", "the body must be application/json").into_response();
    }
    if operation == OperationId::Events {
        return events::stream(&app).await;
    }
    match dispatch::dispatch(&app, operation, Call { path, query, body: &body }).await {
        Ok(reply) => reply.into_response(),
        Err(failure) => failure.into_response(),
    }
}
