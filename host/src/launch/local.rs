//! The launcher of this machine: each child as confined as its plan says.

use super::warden::Wardens;
use super::{Direct, Directories, Launch, Launcher, Launching};
use crate::error::ErrorCode;
use offspring_policy::Confinement;
use std::sync::OnceLock;

/// Launches on this machine, as the plan's confinement says: with [`Direct`] where it is `none`, and
/// otherwise in a world of the guest's own, which a small process holds that goes when the guest
/// does, and takes everything in that world with it.
///
/// It belongs to one guest, and is what a [builder](crate::ProcessCtxBuilder) makes for each unless
/// it is given another launcher. What confines a guest's children shows them the guest's own
/// directories, so the confined children of a second guest are refused.
#[derive(Debug, Default)]
pub struct Local {
    /// The guest, by its directories, once it has had a confined child.
    guest: OnceLock<Directories>,
    wardens: Wardens,
}

impl Local {
    /// A launcher for one guest.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether these are the directories of the guest that it belongs to, which is the first that
    /// asks.
    fn belongs_to(&self, directories: &Directories) -> bool {
        let own = self.guest.get_or_init(|| directories.clone());
        own.are(directories)
    }
}

impl Launcher for Local {
    fn launch<'a>(&'a self, launch: Launch<'a>) -> Launching<'a> {
        if launch.plan.confinement() == Confinement::None {
            return Direct.launch(launch);
        }
        if !self.belongs_to(launch.directories) {
            tracing::error!("a launcher of one guest was asked to launch for another");
            return Box::pin(std::future::ready(Err(ErrorCode::SandboxUnavailable)));
        }
        self.wardens.launch(launch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_belongs_to_the_first_guest_that_asks() {
        let (first, second) = (Directories::default(), Directories::default());
        let local = Local::new();
        assert!(local.belongs_to(&first) && local.belongs_to(&first.clone()));
        assert!(!local.belongs_to(&second));
    }
}
