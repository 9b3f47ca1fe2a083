//! Where there is no warden: systems other than Linux confine nothing.

use super::{Directories, Launch, Launching};
use crate::error::ErrorCode;
use crate::sandbox::SandboxFault;
use offspring_policy::Profile;
use std::io;
use std::path::Path;

/// The program that holds confined children in their guest's world: there is none.
pub const WARDEN: &[u8] = &[];

/// Start wardens from this file.
///
/// # Errors
///
/// There are none on this system.
pub fn use_warden_file(_: impl AsRef<Path>) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// No wardens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wardens;

impl Wardens {
    pub(crate) fn launch<'a>(&'a self, _: Launch<'a>) -> Launching<'a> {
        Box::pin(std::future::ready(Err(ErrorCode::SandboxUnavailable)))
    }
}

pub(crate) fn attempt(_: &Profile, _: &Directories) -> Result<(), SandboxFault> {
    Err(SandboxFault::Start(io::ErrorKind::Unsupported.into()))
}
