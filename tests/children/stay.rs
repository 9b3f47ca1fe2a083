//! Goes nowhere.

/// Stays until somebody ends it.
pub(crate) fn stay() -> ! {
    loop {
        std::thread::park();
    }
}
