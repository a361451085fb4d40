//! The answer of a database thread: a future, or something to wait for where no runtime is.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::sync::oneshot;

use crate::{Error, Result};

/// The outcome of an operation that was already handed to a database thread.
///
/// The operation runs whether or not the reply is awaited; dropping the reply only loses the outcome.
#[must_use = "a lost reply hides an error"]
pub struct Reply<T> {
    receiver: oneshot::Receiver<Result<T>>,
    file: &'static str,
}

impl<T> Reply<T> {
    /// A reply and the end that fills it.
    pub(crate) fn pair(file: &'static str) -> (oneshot::Sender<Result<T>>, Self) {
        let (sender, receiver) = oneshot::channel();
        (sender, Self { receiver, file })
    }

    /// Blocks the thread until the outcome is there. Must not be called from async code.
    pub fn wait(self) -> Result<T> {
        let file = self.file;
        self.receiver.blocking_recv().unwrap_or(Err(Error::Closed { file }))
    }
}

impl<T> Future for Reply<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let file = self.file;
        Pin::new(&mut self.receiver)
            .poll(context)
            .map(|outcome| outcome.unwrap_or(Err(Error::Closed { file })))
    }
}
