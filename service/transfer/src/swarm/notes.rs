//! Notes: one short letter and one answer, between people who know the same place. What a note says is nothing to us.
//!
//! A place is a hash, as an archive's is, and whoever writes to it says hello as any peer does (BEP 3): the listener that
//! is open for archives is the only one. After it comes one note and one answer, each with its length in front (four bytes,
//! big endian), and the connection ends. Nobody is told anything who is not given archives either.

use std::{fmt, io, net::IpAddr, net::SocketAddr, sync::Arc, time::Duration};

use muster_domain::Sha1;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};

use super::{converse::greet, hub::Hub, wire::Hello};
use crate::Error;

/// Longest note, in bytes.
pub const MAX_NOTE: usize = 2 * 1024;
/// Longest answer to one, in bytes.
pub const MAX_ANSWER: usize = 32 * 1024;
/// For all of it.
const LONGEST: Duration = Duration::from_secs(10);

/// Reads the notes that come to a place, and answers them.
pub trait NoteReader: fmt::Debug + Send + Sync {
    /// The answer; `None` ends the conversation without a word. It is called on the tasks of the swarm and must not wait.
    fn answer(&self, from: IpAddr, note: &[u8]) -> Option<Vec<u8>>;
}

/// Reads one note and answers it.
pub(super) async fn answer(
    reader: &Arc<dyn NoteReader>,
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    from: IpAddr,
) -> io::Result<()> {
    let conversation = async {
        let note = read(&mut stream, MAX_NOTE).await?;
        match reader.answer(from, &note) {
            Some(answer) => write(&mut stream, &answer).await,
            None => Ok(()),
        }
    };
    timeout(LONGEST, conversation).await?
}

/// Writes a note to a place at a peer and gives the answer.
pub(crate) async fn send(hub: &Hub, to: SocketAddr, place: Sha1, note: &[u8]) -> Result<Vec<u8>, Error> {
    let hello = Hello { info_hash: place, peer_id: hub.peer_id, is_extended: false };
    let conversation = async {
        let (mut stream, _) = greet(to, hello).await?;
        write(&mut stream, note).await?;
        read(&mut stream, MAX_ANSWER).await
    };
    let answered = hub.cancel.run_until_cancelled(timeout(LONGEST, conversation)).await;
    let answered = answered.ok_or(Error::Closed)?;
    let answered = answered.unwrap_or_else(|late| Err(late.into()));
    answered.map_err(|error| Error::Swarm { detail: error.to_string() })
}

async fn write(stream: &mut (impl AsyncWrite + Unpin), text: &[u8]) -> io::Result<()> {
    let length = u32::try_from(text.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    stream.write_all(&[&length.to_be_bytes()[..], text].concat()).await?;
    stream.flush().await
}

/// Room is made for what is announced only after the bound was looked at.
async fn read(stream: &mut (impl AsyncRead + Unpin), longest: usize) -> io::Result<Vec<u8>> {
    let length = stream.read_u32().await? as usize;
    if length == 0 || length > longest {
        return Err(io::Error::from(io::ErrorKind::InvalidData));
    }
    let mut text = vec![0; length];
    stream.read_exact(&mut text).await?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::*;

    const FROM: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    /// Says back what it was told, unless that begins with a zero.
    #[derive(Debug)]
    struct Echo;

    impl NoteReader for Echo {
        fn answer(&self, _: IpAddr, note: &[u8]) -> Option<Vec<u8>> {
            (note.first() != Some(&0)).then(|| note.to_vec())
        }
    }

    /// What comes back for these bytes.
    fn heard(said: &[u8]) -> Vec<u8> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let (mut here, there) = tokio::io::duplex(MAX_ANSWER * 2);
            here.write_all(said).await.expect("there is room");
            here.shutdown().await.expect("it ends");
            let reader: Arc<dyn NoteReader> = Arc::new(Echo);
            let _ = answer(&reader, there, FROM).await;
            let mut heard = Vec::new();
            here.read_to_end(&mut heard).await.expect("it ends");
            heard
        })
    }

    #[test]
    fn a_note_is_answered_and_one_that_is_too_long_is_not_waited_for() {
        let note = [&[0, 0, 0, 2][..], b"hi"].concat();
        assert_eq!(heard(&note), note);
        assert!(heard(&[0, 0, 0, 1, 0]).is_empty(), "no word");
        assert!(heard(&[0, 0, 0, 0]).is_empty(), "an empty one");
        let long = [&(MAX_NOTE as u32 + 1).to_be_bytes()[..], &vec![7; MAX_NOTE + 1]].concat();
        assert!(heard(&long).is_empty());
        assert!(heard(&[0xff, 0xff, 0xff, 0xff]).is_empty());
    }

    proptest! {
        #[test]
        fn whatever_comes_nothing_panics_and_no_more_is_said_than_was_asked(noise in proptest::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(heard(&noise).len() <= noise.len());
        }
    }
}
