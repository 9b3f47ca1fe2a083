//! Where there is no warden: systems other than Linux confine nothing.

use super::{Directories, Launch, Launching};
use crate::error::ErrorCode;
use crate::sandbox::SandboxFault;
use offspring_policy::Profile;
use std::io;

/// No wardens.
#[derive(Clone, Default)]
pub(crate) struct Wardens;

impl Wardens {
    pub(crate) fn launch<'a>(&'a self, _: Launch<'a>) -> Launching<'a> {
        Box::pin(std::future::ready(Err(ErrorCode::SandboxUnavailable)))
    }
}

pub(crate) fn attempt(_: &Profile, _: &Directories) -> Result<(), SandboxFault> {
    Err(SandboxFault::Start(io::ErrorKind::Unsupported.into()))
}
