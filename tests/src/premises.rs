//! What no test may leave changed.

mod canary;
mod descriptors;
mod processes;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use canary::Canary;
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Children and descriptors belong to the whole process, so one test is in at a time.
static DOOR: Mutex<()> = Mutex::new(());

/// How long the host may take to clear up after a guest is gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// The process and the files around a test, as they were when it began.
///
/// A test enters before it starts anything and leaves when all of it should be
/// gone. In between, no other test of the same process runs.
pub struct Premises {
    descriptors: Vec<String>,
    canary: Canary,
    _door: MutexGuard<'static, ()>,
}

impl Premises {
    /// Waits for the test before, and looks around.
    pub fn enter() -> Self {
        let door = DOOR.lock().unwrap_or_else(PoisonError::into_inner);
        descriptors::open_what_stays_open();
        let canary = Canary::new();
        Self {
            descriptors: descriptors::open(),
            canary,
            _door: door,
        }
    }

    /// Looks around again.
    ///
    /// # Panics
    ///
    /// Where a child is left, a descriptor is open that was not, or a file
    /// outside of every guest's directories has changed.
    #[track_caller]
    pub fn leave(self) {
        let children = children_left();
        assert!(
            children.is_empty(),
            "the test left children behind: {children:#?}"
        );
        let descriptors = once_gone(|| descriptors::beyond(&self.descriptors));
        assert!(
            descriptors.is_empty(),
            "the test left descriptors behind: {descriptors:#?}"
        );
        let changes = self.canary.changes();
        assert!(
            changes.is_empty(),
            "the test changed files it was not given: {changes:#?}"
        );
    }
}

/// The children of this process that do not go away.
pub fn children_left() -> Vec<String> {
    once_gone(processes::children)
}

/// Kills the children of this process.
pub(crate) fn kill_children() {
    for child in processes::ids() {
        match kill(Pid::from_raw(child), Signal::SIGKILL) {
            // One that had ended is reaped meanwhile.
            Ok(()) | Err(Errno::ESRCH) => {}
            Err(error) => panic!("{child} cannot be killed: {error}"),
        }
    }
}

/// What remains when nothing more goes away. The host clears up on threads of
/// its own, and the system has no event for "nothing is left".
fn once_gone(look: impl Fn() -> Vec<String>) -> Vec<String> {
    let begun = Instant::now();
    loop {
        let left = look();
        if left.is_empty() || begun.elapsed() > PATIENCE {
            return left;
        }
        thread::park_timeout(Duration::from_millis(1));
    }
}
