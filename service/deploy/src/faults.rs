//! Every change of the disk passes here first, so that tests can let the n-th one fail or end the process there.

use std::path::Path;

use crate::DeployError;

#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Kill,
    Fail(std::io::ErrorKind),
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    #[cfg(test)]
    pub(crate) passed: u64,
    /// From which change on (counted from 1), and whether only that one.
    #[cfg(test)]
    pub(crate) at: Option<(u64, Fault, bool)>,
}

impl Faults {
    #[cfg(not(test))]
    pub(crate) fn pass(&mut self, _path: &Path) -> Result<(), DeployError> {
        Ok(())
    }

    #[cfg(test)]
    pub(crate) fn pass(&mut self, path: &Path) -> Result<(), DeployError> {
        self.passed += 1;
        match self.at {
            Some((at, Fault::Kill, _)) if self.passed >= at => Err(DeployError::Killed),
            Some((at, Fault::Fail(kind), once)) if self.passed == at || (!once && self.passed > at) => {
                let error = std::io::Error::from(kind);
                Err(muster_fsx::Error::recover(error, muster_fsx::Operation::Write, path).into())
            }
            _ => Ok(()),
        }
    }
}

impl DeployError {
    /// Whether a test has ended the process here: then nothing may be cleaned up either.
    pub(crate) fn is_killed(&self) -> bool {
        #[cfg(test)]
        return matches!(self, Self::Killed);
        #[cfg(not(test))]
        false
    }
}
