//! What can go wrong, and where input comes from.

use std::{
    io::{BufRead, BufReader},
    path::Path,
};

use muster_fsx::File;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    File(#[from] muster_fsx::Error),
    #[error("the input cannot be read: {0}")]
    Read(std::io::Error),
    #[error("the answers cannot be written: {0}")]
    Write(std::io::Error),
    #[error("line {line}: {why}")]
    Line { line: usize, why: String },
}

/// A file, or standard input.
pub(crate) fn input(path: Option<&Path>) -> Result<Box<dyn BufRead>, Failure> {
    Ok(match path {
        Some(path) => Box::new(BufReader::new(open(path)?)),
        None => Box::new(std::io::stdin().lock()),
    })
}

/// A file, unpacked where its name says that it is packed.
pub(crate) fn unpacked(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    let file = open(path)?;
    if path.extension().is_none_or(|extension| extension != "zst") {
        return Ok(Box::new(BufReader::new(file)));
    }
    let decoder = zstd::stream::read::Decoder::new(file).map_err(Failure::Read)?;
    Ok(Box::new(BufReader::with_capacity(1 << 20, decoder)))
}

fn open(path: &Path) -> Result<std::fs::File, Failure> {
    let path = std::path::absolute(path).map_err(Failure::Read)?;
    Ok(File::open_ambient(&path)?.into_std())
}
